import type { Context } from '../context.ts'
import { RetryableError } from '../errors.ts'
import type { Messenger } from '../platform.ts'
import { deliverLeased, lease, type Leased } from './deliver.ts'
import { wake } from './outbox.ts'

type Delivering = Pick<Context, 'db' | 'log' | 'now' | 'queue'>

/** Calls to one platform at once: fifty a second, even where each takes a second. */
const most = 64
/** One query for many: slots are filled when so many are free, or after a moment. */
const refill = 16
const momentMs = 50
/** Meanwhile waits end, and what another process has left becomes due. */
const lookMs = 250
/** Then the next run goes on, so that a process that is told to stop does not wait for a long queue. */
const turnMs = 3_000

/** What is on its way to one platform. A call that hangs takes one place, and nobody waits for it. */
type Lane = { running: Set<string>; isDraining: boolean; isWoken: boolean; nudge: () => void }
const lanes = new WeakMap<Messenger, Lane>()

/** Shows everything that is due on a platform, each message on its own. Woken again while it is at it, it looks again. */
export async function drain(ctx: Delivering, platform: Messenger): Promise<void> {
  const lane = laneOf(platform)
  lane.isWoken = true
  lane.nudge()
  if (lane.isDraining) return
  lane.isDraining = true
  try {
    await turn(ctx, platform, lane)
  } finally {
    lane.isDraining = false
  }
  const isOpen = lane.isWoken || lane.running.size > 0
  const nextMs = isOpen ? 0 : await nextDue(ctx, platform)
  if (nextMs !== undefined)
    await ctx.queue.send(ctx.db, wake, { platform: platform.name }, { key: platform.name, afterMs: nextMs })
}

function laneOf(platform: Messenger): Lane {
  const lane = lanes.get(platform) ?? { running: new Set(), isDraining: false, isWoken: false, nudge: () => undefined }
  lanes.set(platform, lane)
  return lane
}

async function turn(ctx: Delivering, platform: Messenger, lane: Lane): Promise<void> {
  const until = performance.now() + turnMs
  let looked = -Infinity
  while ((lane.isWoken || lane.running.size > 0) && performance.now() < until) {
    const free = most - lane.running.size
    const restMs = looked + (lane.isWoken ? (free >= refill ? 0 : momentMs) : lookMs) - performance.now()
    if (free === 0 || restMs > 0) {
      await nudged(lane, Math.max(restMs, 1))
      continue
    }
    looked = performance.now()
    lane.isWoken = false
    const leased = await lease(ctx, { platform: platform.name, except: [...lane.running], most: free })
    for (const effect of leased) start(ctx, platform, lane, effect)
    if (leased.length === free) lane.isWoken = true
  }
}

const nudged = (lane: Lane, ms: number): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    lane.nudge = () => {
      clearTimeout(timer)
      resolve()
    }
  })

function start(ctx: Delivering, platform: Messenger, lane: Lane, effect: Leased): void {
  const { key, channel, attempts } = effect
  lane.running.add(key)
  void deliverLeased(ctx, platform, effect)
    .catch((error: unknown) => {
      const isAsked = error instanceof RetryableError && error.afterMs !== undefined
      ctx.log[isAsked ? 'debug' : 'warn']({ key, platform: platform.name, channel, attempts, error }, 'not shown yet')
    })
    .finally(() => {
      lane.running.delete(key)
      // It may have changed meanwhile, and others may hang under it.
      lane.isWoken = true
      lane.nudge()
    })
}

/** In how many milliseconds the next wait ends; undefined when nothing waits. */
async function nextDue(ctx: Delivering, { name }: Messenger): Promise<number | undefined> {
  const { at } = await ctx.db
    .selectFrom('effect')
    .select((eb) => eb.fn.min('not_before').as('at'))
    .where('platform', '=', name)
    .where('state', '<>', 'gone')
    .where('shown_hash', 'is distinct from', (eb) => eb.ref('wanted_hash'))
    .where('not_before', '>', new Date(ctx.now()))
    .executeTakeFirstOrThrow()
  return at ? at.getTime() - ctx.now() : undefined
}
