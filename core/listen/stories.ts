import { sql } from 'kysely'
import { decodeEventLog, toEventSelector, type Abi, type AbiEvent, type Hex } from 'viem'
import type { Context, Trx } from '../context.ts'
import type { PartRow } from '../db/tables/governance.ts'
import { challengeStory } from '../mesh/tell-challenge.ts'
import { globalStory } from '../mesh/tell-global.ts'
import { chiefStory, pauseStory, spellsStory } from '../nomic/stories.ts'
import { pollsStory } from '../polls/stories.ts'
import type { PartRole } from '../governance/types.ts'
import { logOf } from './log.ts'
import type { ChainLog } from './events.ts'

/** An event of a part; `name` and `args` as its ABI says. */
export type StoryEvent = { name: string; args: Record<string, unknown>; log: ChainLog; isHistory: boolean }

/**
 * How what one kind of contract says becomes rows. A story is about things, such as the polls of a contract: the first
 * indexed argument of an event names the thing, or the contract itself is the only one.
 *
 * Whenever something happened to a thing, or was taken back by a reorg, it is told anew from everything that stands about
 * it: so telling it twice changes nothing, and nothing has to be undone.
 */
export type Story = {
  abi: Abi
  things: 'by first topic' | 'one'
  /** Names of the events that `tell` wants to see; all of them when left out. The others only say that something happened. */
  reads?: readonly string[]
  /** In the transaction of the logs. `events` are all that stand of this thing, in the order of the chain; none when a reorg took it. */
  tell(
    ctx: Pick<Context, 'chain' | 'queue'>,
    trx: Trx,
    params: { part: PartRow; thing: Hex; events: StoryEvent[] },
  ): Promise<void>
}

/** One entry a role; roles that are missing are not heard yet. */
const stories: Partial<Record<PartRole, Story>> = {
  chief: chiefStory,
  pause: pauseStory,
  spells: spellsStory,
  polls: pollsStory,
  global: globalStory,
  challenge: challengeStory,
}

const signaturesOf = ({ abi }: Story): Map<Hex, AbiEvent> =>
  new Map(abi.flatMap((item) => (item.type === 'event' ? [[toEventSelector(item), item] as const] : [])))

const known = new Map(Object.entries(stories).map(([role, story]) => [role, signaturesOf(story)]))

/** What is heard of parts. */
export const storyTopics: readonly Hex[] = [...known.values()].flatMap((events) => [...events.keys()])

/** The contract itself, where it is the only thing. */
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
  for (const thing of things)
    await story.tell(ctx, trx, { part, thing, events: await eventsOf(ctx, trx, { part, story, thing }) })
}

function thingOf(part: PartRow, story: Story, { topics }: Pick<ChainLog, 'topics'>): Hex | undefined {
  if (!known.get(part.role)?.has(topics[0] ?? '0x')) return undefined
  return story.things === 'one' ? itself : topics[1]
}

async function eventsOf(
  ctx: Pick<Context, 'chain'>,
  trx: Trx,
  { part, story, thing }: { part: PartRow; story: Story; thing: Hex },
): Promise<StoryEvent[]> {
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
    .$if(story.things !== 'one', (query) => query.where(sql<boolean>`topics[2] = ${thing}`))
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
function eventIn(part: PartRow, log: ChainLog): Pick<StoryEvent, 'name' | 'args'> | undefined {
  const event = known.get(part.role)?.get(log.topics[0] ?? '0x')
  if (!event) return undefined
  try {
    const { args } = decodeEventLog({ abi: [event], topics: log.topics as [Hex, ...Hex[]], data: log.data })
    return { name: event.name, args: (args ?? {}) as unknown as Record<string, unknown> }
  } catch {
    return undefined
  }
}
