import { sql } from 'kysely'
import { decodeEventLog, toEventSelector, type AbiEvent, type Hex } from 'viem'
import type { Context, Trx } from '../context.ts'
import type { PartRow } from '../db/tables/governance.ts'
import type { ChainLog } from './events.ts'
import { logOf } from './log.ts'
import type { PartEvent, Projection } from './projection.ts'

type Kinds = Pick<Context, 'kinds'>

/** The contract itself, where it is the only entity. */
const itself: Hex = '0x'

/** The events of each, by their first topic; an ABI stays what it is, so they are found once. */
const known = new WeakMap<Projection, ReadonlyMap<Hex, AbiEvent>>()

function eventsBy(projection: Projection): ReadonlyMap<Hex, AbiEvent> {
  const found =
    known.get(projection) ??
    new Map(projection.abi.flatMap((item) => (item.type === 'event' ? [[toEventSelector(item), item] as const] : [])))
  known.set(projection, found)
  return found
}

/** What is heard of contracts that are no governors. */
export const projectedTopics = ({ kinds }: Kinds): readonly Hex[] =>
  kinds.contracts.flatMap((each) => [...eventsBy(each).keys()])

/** Undefined for a role that no kind hears. */
const projectionOf = ({ kinds }: Kinds, { role }: Pick<PartRow, 'role'>): Projection | undefined =>
  kinds.contracts.find((each) => each.role === role)

/** Projects anew whatever these logs are about. */
export async function project(
  ctx: Pick<Context, 'chain' | 'queue' | 'kinds'>,
  trx: Trx,
  { part, logs }: { part: PartRow; logs: readonly Pick<ChainLog, 'topics'>[] },
): Promise<void> {
  const projection = projectionOf(ctx, part)
  if (!projection) return
  const entities = new Set(logs.flatMap((log) => entityOf(projection, log) ?? []))
  for (const entity of entities) {
    const events = await eventsOf(ctx, trx, { part, projection, entity })
    await projection.apply(ctx, trx, { part, entity, events })
  }
}

function entityOf(projection: Projection, { topics: [event = '0x', entity] }: Pick<ChainLog, 'topics'>) {
  if (!eventsBy(projection).has(event)) return undefined
  return projection.entities === 'one' ? itself : entity
}

async function eventsOf(
  ctx: Pick<Context, 'chain'>,
  trx: Trx,
  { part, projection, entity }: { part: PartRow; projection: Projection; entity: Hex },
): Promise<PartEvent[]> {
  const { reads } = projection
  if (reads?.length === 0) return []
  const topics = [...eventsBy(projection)].flatMap(([topic, { name }]) => (reads?.includes(name) ? [topic] : []))
  const rows = await trx
    .selectFrom('log')
    .selectAll()
    .where('chain_id', '=', ctx.chain.id)
    .where('address', '=', part.address)
    .where('orphaned_at', 'is', null)
    .$if(reads !== undefined, (query) => query.where(sql<boolean>`topics[1] = any(${topics}::text[])`))
    .$if(projection.entities !== 'one', (query) => query.where(sql<boolean>`topics[2] = ${entity}`))
    .orderBy('block_number')
    .orderBy('log_index')
    .execute()
  return rows.flatMap((row) => {
    const log = logOf(row)
    const event = eventIn(projection, log)
    return event ? [{ ...event, log, isHistory: log.blockNumber <= BigInt(part.quiet_until) }] : []
  })
}

/** Undefined for a log that is not what its topic says. */
function eventIn(projection: Projection, log: ChainLog): Pick<PartEvent, 'name' | 'args'> | undefined {
  const event = eventsBy(projection).get(log.topics[0] ?? '0x')
  if (!event) return undefined
  try {
    const { args } = decodeEventLog({ abi: [event], topics: log.topics as [Hex, ...Hex[]], data: log.data })
    return { name: event.name, args: (args ?? {}) as unknown as Record<string, unknown> }
  } catch {
    return undefined
  }
}
