import { arg, defineCommand } from '../../command.ts'
import { tokenOf } from '../../chain/token.ts'
import { findNomic, nomicById } from '../contracts.ts'
import { readSpell, spellUnits } from '../record.ts'
import { findSpell } from '../spell.ts'
import { spellsView } from '../views/spells.ts'
import { spellView } from '../views/spell.ts'
import { daoArg } from '../../args.ts'
import { spellArg } from './nomic-args.ts'
import { spellsUnderWay } from './nomic.ts'

const mostOver = 8

/** `/spell`: what can be approved of, what waits, and what is over. */
export const spell = defineCommand({
  name: 'spell',
  description: 'Spells of the Nomic DAO: its decisions, under way and over',
  args: { dao: arg.optional(daoArg('Which one, where several are watched')) },
  audience: 'caller',
  access: 'anyone',
  byLink: () => true,
  async run(ctx, { args }) {
    const dao = await findNomic(ctx, args.dao)
    const over = await ctx.db
      .selectFrom('spell')
      .selectAll()
      .where('dao_id', '=', dao.id)
      .where('orphaned_at', 'is', null)
      .where('state', 'not in', ['open', 'hat', 'plotted'])
      .orderBy('id', 'desc')
      .limit(mostOver)
      .execute()
    return spellsView({ dao, token: await tokenOf(ctx, dao), open: await spellsUnderWay(ctx, dao), over })
  },
})

/** `/spell-show nomic-s3`: what it says, does and how it stands. */
export const spellShow = defineCommand({
  name: 'spell-show',
  description: 'What a spell says, does and how it stands',
  args: { spell: spellArg('Which spell, like nomic-s3') },
  audience: 'caller',
  access: 'anyone',
  byLink: () => true,
  async run(ctx, { args }) {
    const found = await findSpell(ctx, args.spell)
    const units = await spellUnits(ctx, await nomicById(ctx.db, found.dao_id))
    return spellView(await readSpell(ctx.db, { spell: found, units }))
  },
})
