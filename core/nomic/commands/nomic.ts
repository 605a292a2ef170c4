import { arg, defineCommand } from '../../command.ts'
import type { Context } from '../../context.ts'
import type { SpellRow } from '../../db/tables/nomic.ts'
import { tokenOf } from '../../chain/token.ts'
import type { Person } from '../../command.ts'
import { marginOf } from '../approving.ts'
import { findNomic, type NomicDao } from '../contracts.ts'
import { lockersOf } from '../locker.ts'
import { chiefOf, spellAt } from '../record.ts'
import { nomicView, type NomicData } from '../views/nomic.ts'
import { spellTitle } from '../views/spell.ts'
import { daoArg } from '../../args.ts'

/** `/nomic`: the hat and its margin, what may be lifted, what waits, and what the reader has locked. */
export const nomic = defineCommand({
  name: 'nomic',
  description: 'How the Nomic DAO stands: the hat, spells, plans, and what you have locked',
  args: { dao: arg.optional(daoArg('Which one, where several are watched')) },
  audience: 'caller',
  access: 'anyone',
  byLink: () => true,
  async run(ctx, { person, args }) {
    const dao = await findNomic(ctx, args.dao)
    const chief = await chiefOf(ctx.db, dao.id)
    const [token, spells, margin, mine] = await Promise.all([
      tokenOf(ctx, dao),
      spellsUnderWay(ctx, dao),
      marginOf(ctx, dao, chief),
      person ? mineOf(ctx, dao, person) : [],
    ])
    const hat = chief && (await spellAt(ctx.db, dao.id, chief.hat))
    return nomicView({ dao, token, chief, hat, margin, spells, mine })
  },
})

export const spellsUnderWay = (ctx: Pick<Context, 'db'>, dao: NomicDao): Promise<SpellRow[]> =>
  ctx.db
    .selectFrom('spell')
    .selectAll()
    .where('dao_id', '=', dao.id)
    .where('orphaned_at', 'is', null)
    .where('state', 'in', ['open', 'hat', 'plotted'])
    .orderBy('approvals', 'desc')
    .orderBy('id', 'desc')
    .limit(15)
    .execute()

async function mineOf(ctx: Context, dao: NomicDao, person: Person): Promise<NomicData['mine']> {
  const lockers = await lockersOf(ctx, dao, person)
  const waiting = await ctx.db
    .selectFrom('approval')
    .select('voter')
    .where('dao_id', '=', dao.id)
    .where('voter', 'in', ['', ...lockers.map(({ wallet }) => wallet)])
    .where('state', 'in', ['accepted', 'batched'])
    .execute()
  return Promise.all(
    lockers.map(async ({ wallet, locked, free, approves }) => ({
      wallet,
      locked,
      free,
      approves: await Promise.all(approves.map((address) => titleOf(ctx, dao, address))),
      waiting: waiting.some(({ voter }) => voter === wallet),
    })),
  )
}

async function titleOf(ctx: Context, dao: NomicDao, address: string): Promise<string> {
  if (/^0x0+$/.test(address)) return 'nobody, to wake the chief'
  const spell = await spellAt(ctx.db, dao.id, address)
  return spell ? spellTitle(spell).slice(0, 100).toWellFormed() : address
}
