import { hexToString, type Hex } from 'viem'
import { globalDao } from '../../contracts/generated.ts'
import { cleanText } from '../clean.ts'
import type { Context, Trx } from '../context.ts'
import type { PartRow } from '../db/tables/governance.ts'
import { addPart } from '../listen/part.ts'
import type { PartEvent, Projection } from '../listen/projection.ts'
import { cleanJson } from '../view.ts'
import { beginning } from './fold.ts'
import { showChallenge } from './jobs.ts'
import type { Terms } from './story.ts'

/**
 * What a Global DAO says: who takes part, what work is about, what is paid in, and which challenges there are. A DAO and
 * a challenge may have the same number, and are then told together.
 */
export const globalProjection: Projection = {
  role: 'global',
  abi: globalDao.abi,
  entities: 'by first topic',
  async apply(ctx, trx, { part, entity, events }) {
    await tellDao(trx, part, { entity, events })
    await tellDomain(trx, part, { entity, events })
    await tellToken(trx, part, { entity, events })
    await tellCreated(ctx, trx, part, { entity, events })
  },
}

type Told = { entity: Hex; events: readonly PartEvent[] }

const last = (events: readonly PartEvent[], name: string): PartEvent | undefined =>
  events.findLast((event) => event.name === name)

const shortText = (value: unknown, most: number): string =>
  Array.from(cleanText(String(value).slice(0, 4 * most)).trim())
    .slice(0, most)
    .join('')

/** A number of the contract, where the thing is one. */
const numberOf = (entity: Hex): number | undefined => (BigInt(entity) < 2n ** 31n ? Number(BigInt(entity)) : undefined)

async function tellDao(trx: Trx, part: PartRow, { entity, events }: Told): Promise<void> {
  const number = numberOf(entity)
  if (number === undefined) return
  const joined = last(events, 'DaoJoined')
  if (!joined) {
    await trx.deleteFrom('mesh_dao').where('dao_id', '=', part.dao_id).where('number', '=', number).execute()
    return
  }
  const executive = last(events, 'ExecutiveNamed')?.args['executive'] as Hex | undefined
  const declared = last(events, 'DomainsDeclared')?.args as { domains: Hex[]; points: number[] } | undefined
  const facts = {
    account: String(joined.args['account']).toLowerCase(),
    executive: executive === undefined || BigInt(executive) === 0n ? null : executive.toLowerCase(),
    name: shortText(joined.args['name'], 64) || `DAO ${number}`,
    domains: JSON.stringify((declared?.domains ?? []).map((id, at) => ({ id, points: declared?.points[at] ?? 0 }))),
  }
  await trx
    .insertInto('mesh_dao')
    .values({ dao_id: part.dao_id, number, ...facts })
    .onConflict((conflict) => conflict.columns(['dao_id', 'number']).doUpdateSet(facts))
    .execute()
}

async function tellDomain(trx: Trx, part: PartRow, { entity, events }: Told): Promise<void> {
  const added = last(events, 'DomainAdded')
  await trx.deleteFrom('mesh_domain').where('dao_id', '=', part.dao_id).where('id', '=', entity).execute()
  if (!added) return
  const parent = added.args['parent'] as Hex
  await trx
    .insertInto('mesh_domain')
    .values({
      dao_id: part.dao_id,
      id: entity,
      name: domainName(entity),
      parent: BigInt(parent) === 0n ? null : parent,
    })
    .execute()
}

/** A domain is a short text in a bytes32, or a hash that nobody can read. */
function domainName(id: Hex): string {
  const text = hexToString(id, { size: 32 }).replaceAll('\0', '').toLowerCase()
  return /^[a-z0-9][a-z0-9 _.-]{0,31}$/.test(text) ? text.replaceAll(' ', '-') : id.slice(0, 10)
}

async function tellToken(trx: Trx, part: PartRow, { entity, events }: Told): Promise<void> {
  const token = `0x${entity.slice(-40)}`
  await trx.deleteFrom('mesh_token').where('dao_id', '=', part.dao_id).where('token', '=', token).execute()
  const listed = last(events, 'TokenListed')
  if (!listed) return
  await trx
    .insertInto('mesh_token')
    .values({ dao_id: part.dao_id, token, unit: String(listed.args['unit'] as bigint) })
    .execute()
}

async function tellCreated(
  ctx: Pick<Context, 'chain' | 'queue'>,
  trx: Trx,
  part: PartRow,
  { entity, events }: Told,
): Promise<void> {
  const number = numberOf(entity)
  if (number === undefined) return
  const created = last(events, 'ChallengeCreated')
  if (!created) return takeBack(ctx, trx, part, number)
  const { args, log, isHistory } = created
  const address = String(args['challenge']).toLowerCase()
  const terms = Object.fromEntries(
    Object.entries(args['terms'] as Record<string, number>).map(([name, value]) => [name, Number(value)]),
  ) as Terms
  const facts = {
    address,
    creator: String(args['creator']).toLowerCase(),
    token: String(args['token']).toLowerCase(),
    title: shortText(args['title'], 200) || `Challenge ${number}`,
    text: shortText(args['text'], 4_000),
    requirements: cleanJson((args['requirements'] as string[]).map((each) => shortText(each, 400))),
    goal: String(args['goal'] as bigint),
    terms: JSON.stringify(terms),
    tx_hash: log.tx,
    gone_at: null,
  }
  const { slug } = await trx.selectFrom('dao').select('slug').where('id', '=', part.dao_id).executeTakeFirstOrThrow()
  const { id } = await trx
    .insertInto('challenge')
    .values({
      dao_id: part.dao_id,
      number,
      ref: `${slug}-${number}`,
      story: JSON.stringify(beginning(terms)),
      announced: !isHistory,
      ...facts,
    })
    .onConflict((conflict) => conflict.columns(['dao_id', 'number']).doUpdateSet(facts))
    .returning('id')
    .executeTakeFirstOrThrow()
  const quietUntil = BigInt(part.quiet_until)
  await addPart(ctx, trx, { address, role: 'challenge', daoId: part.dao_id, from: log.blockNumber, quietUntil })
  await ctx.queue.send(trx, showChallenge, { challengeId: id }, { key: id })
}

async function takeBack(ctx: Pick<Context, 'queue'>, trx: Trx, part: PartRow, number: number): Promise<void> {
  const gone = await trx
    .updateTable('challenge')
    .set({ gone_at: new Date() })
    .where('dao_id', '=', part.dao_id)
    .where('number', '=', number)
    .where('gone_at', 'is', null)
    .returning('id')
    .executeTakeFirst()
  if (gone) await ctx.queue.send(trx, showChallenge, { challengeId: gone.id }, { key: gone.id })
}
