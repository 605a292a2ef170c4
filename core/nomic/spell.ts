import { keccak256, stringToHex } from 'viem'
import type { Context, Db, Trx } from '../context.ts'
import type { SpellRow } from '../db/tables/nomic.ts'
import { UserError } from '../errors.ts'
import type { ProposalCall } from '../governance/types.ts'

export const spellRefPattern = /^[a-z][a-z0-9]{1,11}-s\d{1,6}$/
export const addressPattern = /^0x[0-9a-f]{40}$/

/** By its ref (`nomic-s3`) or its address. */
export async function findSpell(ctx: Pick<Context, 'db'>, name: string): Promise<SpellRow> {
  const wanted = name.toLowerCase()
  const spell = await ctx.db
    .selectFrom('spell')
    .selectAll()
    .where(addressPattern.test(wanted) ? 'address' : 'ref', '=', wanted)
    .where('orphaned_at', 'is', null)
    .executeTakeFirst()
  if (!spell)
    throw new UserError(`I know no spell called “${name.slice(0, 60)}”.`, { hint: '/spell', code: 'unknown-spell' })
  return spell
}

export const spellById = (db: Db | Trx, id: string): Promise<SpellRow | undefined> =>
  db.selectFrom('spell').selectAll().where('id', '=', id).executeTakeFirst()

export type NewSpell = {
  daoId: string
  /** In lower case. */
  address: string
  kind: SpellRow['kind']
  author: string | null
  title: string
  text: string
  expiration: string
  officeHours: boolean
  calls: readonly ProposalCall[]
  drops: string | null
  isHistory: boolean
  blockNumber: string
  txHash: string | null
}

/** Gives a spell the next number of its DAO. One that is known keeps its number, and what is known better of it now is written. */
export async function addSpell(trx: Trx, spell: NewSpell): Promise<void> {
  const { daoId, address } = spell
  // Numbers are given one at a time.
  const { slug } = await trx
    .selectFrom('dao')
    .select('slug')
    .where('id', '=', daoId)
    .forUpdate()
    .executeTakeFirstOrThrow()
  const facts = {
    kind: spell.kind,
    author: spell.author,
    title: spell.title,
    text: spell.text,
    text_hash: keccak256(stringToHex(spell.text)),
    calls: JSON.stringify(spell.calls),
    drops: spell.drops,
    expiration: spell.expiration,
    office_hours: spell.officeHours,
    block_number: spell.blockNumber,
    tx_hash: spell.txHash,
    orphaned_at: null,
  }
  const known = await trx
    .updateTable('spell')
    .set(facts)
    .where('dao_id', '=', daoId)
    .where('address', '=', address)
    .returning('id')
    .executeTakeFirst()
  if (known) return
  const { newest } = await trx
    .selectFrom('spell')
    .select((eb) => eb.fn.max('number').as('newest'))
    .where('dao_id', '=', daoId)
    .executeTakeFirstOrThrow()
  const number = (newest ?? 0) + 1
  await trx
    .insertInto('spell')
    .values({
      ...facts,
      dao_id: daoId,
      address,
      number,
      ref: `${slug}-s${number}`,
      is_history: spell.isHistory,
      eta: null,
      next_cast: null,
      checked_at: null,
    })
    .execute()
}
