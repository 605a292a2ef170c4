import { sql } from 'kysely'
import { decodeEventLog, toEventSelector, type AbiEvent, type Hex } from 'viem'
import type { Context, Trx } from '../context.ts'
import type { PartRow } from '../db/tables/governance.ts'
import { challengeProjection } from '../mesh/tell-challenge.ts'
import { globalProjection } from '../mesh/tell-global.ts'
import { chiefProjection, pauseProjection, spellsProjection } from '../nomic/stories.ts'
import { pollsProjection } from '../polls/stories.ts'
import type { PartRole } from '../db/tables/governance.ts'
import type { ChainLog } from './events.ts'
import { logOf } from './log.ts'
import type { PartEvent, Projection } from './projection.ts'

/** One entry a role; roles that are missing are not heard yet. */
const stories: Partial<Record<PartRole, Projection>> = {
  chief: chiefProjection,
  pause: pauseProjection,
  spells: spellsProjection,
  polls: pollsProjection,
  global: globalProjection,
  challenge: challengeProjection,
}

const signaturesOf = ({ abi }: Projection): Map<Hex, AbiEvent> =>
  new Map(abi.flatMap((item) => (item.type === 'event' ? [[toEventSelector(item), item] as const] : [])))

const known = new Map(Object.entries(stories).map(([role, story]) => [role, signaturesOf(story)]))

/** What is heard of parts. */
export const storyTopics: readonly Hex[] = [...known.values()].flatMap((events) => [...events.keys()])

/** The contract itself, where it is the only entity. */
const itself: Hex = '0x'

/** Tells anew whatever these logs are about. */
export async function tellLogs(
  ctx: Pick<Context, 'chain' | 'queue'>,
  trx: Trx,
  { part, logs }: { part: PartRow; logs: readonly Pick<ChainLog, 'topics'>[] },
): Promise<void> {
  const story = stories[part.role]
  if (!story) return
  const things = new Set(logs.flatMap((log) => thingOf(part, story, log) ?? []))
  for (const entity of things)
    await story.apply(ctx, trx, { part, entity, events: await eventsOf(ctx, trx, { part, story, entity }) })
}

function thingOf(part: PartRow, story: Projection, { topics }: Pick<ChainLog, 'topics'>): Hex | undefined {
  if (!known.get(part.role)?.has(topics[0] ?? '0x')) return undefined
  return story.entities === 'one' ? itself : topics[1]
}

async function eventsOf(
  ctx: Pick<Context, 'chain'>,
  trx: Trx,
  { part, story, entity }: { part: PartRow; story: Projection; entity: Hex },
): Promise<PartEvent[]> {
  const { reads } = story
  if (reads?.length === 0) return []
  const topics = [...(known.get(part.role) ?? [])].flatMap(([topic, { name }]) =>
    reads?.includes(name) ? [topic] : [],
  )
  const rows = await trx
    .selectFrom('log')
    .selectAll()
    .where('chain_id', '=', ctx.chain.id)
    .where('address', '=', part.address)
    .where('orphaned_at', 'is', null)
    .$if(reads !== undefined, (query) => query.where(sql<boolean>`topics[1] = any(${topics}::text[])`))
    .$if(story.entities !== 'one', (query) => query.where(sql<boolean>`topics[2] = ${entity}`))
    .orderBy('block_number')
    .orderBy('log_index')
    .execute()
  return rows.flatMap((row) => {
    const log = logOf(row)
    const event = eventIn(part, log)
    return event ? [{ ...event, log, isHistory: log.blockNumber <= BigInt(part.quiet_until) }] : []
  })
}

/** Undefined for a log that is not what its topic says. */
function eventIn(part: PartRow, log: ChainLog): Pick<PartEvent, 'name' | 'args'> | undefined {
  const event = known.get(part.role)?.get(log.topics[0] ?? '0x')
  if (!event) return undefined
  try {
    const { args } = decodeEventLog({ abi: [event], topics: log.topics as [Hex, ...Hex[]], data: log.data })
    return { name: event.name, args: (args ?? {}) as unknown as Record<string, unknown> }
  } catch {
    return undefined
  }
}
