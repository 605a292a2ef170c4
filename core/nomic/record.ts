import type { Context, Db, Trx } from '../context.ts'
import type { DaoRow } from '../db/tables/governance.ts'
import type { ChiefRow, PlanRow, SpellRow } from '../db/tables/nomic.ts'
import { readCall, type ReadCall } from '../governance/calls.ts'
import { coinOf, tokenOf, type Token } from '../chain/token.ts'
import type { ProposalCall } from '../governance/types.ts'
import { nomicById } from './contracts.ts'

/** All that a card says of a spell, as the rows had it at one moment. */
export type SpellRecord = {
  spell: SpellRow
  dao: Pick<DaoRow, 'id' | 'name' | 'slug'>
  /** Undefined before the first look. */
  chief: ChiefRow | undefined
  /** What holds the hat, where it is a spell that is known. */
  hat: Pick<SpellRow, 'ref' | 'title'> | undefined
  /** The plan that a dropping spell is about. */
  drops: (PlanRow & { by: string | undefined }) | undefined
  token: Token
  coin: Token
  calls: ReadCall[]
}

export type Units = Pick<SpellRecord, 'token' | 'coin'>

/** May ask the chain, so it comes before the transaction that reads the rows. */
export const spellUnits = async (ctx: Pick<Context, 'chain' | 'kv'>, dao: DaoRow): Promise<Units> => ({
  token: await tokenOf(ctx, dao),
  coin: coinOf(ctx),
})

/** From rows alone. */
export async function readSpell(
  db: Db | Trx,
  { spell, units }: { spell: SpellRow; units: Units },
): Promise<SpellRecord> {
  const dao = await nomicById(db, spell.dao_id)
  const chief = await chiefOf(db, dao.id)
  return {
    spell,
    dao,
    chief,
    hat: chief && (await spellAt(db, dao.id, chief.hat)),
    drops: spell.drops === null ? undefined : await planOf(db, dao.id, spell.drops),
    ...units,
    calls: (spell.calls as ProposalCall[]).map((call) => readCall(call, dao)),
  }
}

export const chiefOf = (db: Db | Trx, daoId: string): Promise<ChiefRow | undefined> =>
  db.selectFrom('chief').selectAll().where('dao_id', '=', daoId).executeTakeFirst()

export const spellAt = (db: Db | Trx, daoId: string, address: string): Promise<SpellRow | undefined> =>
  db.selectFrom('spell').selectAll().where('dao_id', '=', daoId).where('address', '=', address).executeTakeFirst()

async function planOf(db: Db | Trx, daoId: string, id: string): Promise<SpellRecord['drops']> {
  const plan = await db
    .selectFrom('plan')
    .selectAll()
    .where('dao_id', '=', daoId)
    .where('id', '=', id)
    .executeTakeFirst()
  return plan && { ...plan, by: (await spellAt(db, daoId, plan.hat))?.ref }
}
