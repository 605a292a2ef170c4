import { setTimeout as wait } from 'node:timers/promises'
import { sql } from 'kysely'
import type { Answer, App } from '../app.ts'
import { RetryableError } from '../errors.ts'
import { incident } from '../log.ts'
import type { Call, MessageRef } from '../platform.ts'
import { cleanJson } from '../view.ts'
import { problemView } from '../views/problem.ts'
import { forget, hear, type Said } from './hear.ts'

/**
 * Something that a platform told us, under the platform's own name for it, so that a second telling is recognised.
 * `reply` is plain JSON: with it the platform can still answer after a restart.
 */
export type Happening = { key: string } & (
  | { type: 'call'; call: Call; reply: unknown }
  | { type: 'said'; said: Said }
  | { type: 'forgot'; message: Pick<MessageRef, 'platform' | 'channel' | 'id'> }
)
export type CallHappening = Extract<Happening, { type: 'call' }>

export type Inbox = {
  /**
   * The one insert that may stand before an acknowledgement. `seen` came before and is being dealt with, `busy` could not
   * be stored within a second: say so to the person, nothing was taken.
   */
  take(happening: Happening): Promise<'new' | 'seen' | 'busy'>
  /** Does what was taken, after the acknowledgement. Never throws. */
  work(happening: Happening): Promise<void>
  /** Goes on with what a crash has left. */
  start(): void
  /** Waits for what is being done. */
  stop(): Promise<void>
}

export type InboxOptions = {
  platform: string
  /** Shows the answer where the call came from. */
  answer(happening: CallHappening, answer: Answer): Promise<void>
  /** Asked only for commands that are a manager's, where the event itself does not say. */
  isManager?: (call: Call) => Promise<boolean>
  /** What was meant: the line of a button whose own was too long for it, and where it was asked. Undefined when that is too old to know. */
  resolve?: (happening: CallHappening) => Promise<Call | undefined>
}

const takeMs = 1_000
const leaseMs = 60_000
const sweepMs = 15_000
const patienceMs = 30_000
/** An answer that comes later than this surprises more than it helps, and most platforms no longer take it. */
const answerableMs = 15 * 60_000
/** Commands at once in this process. */
const most = 8

/** Takes in what a platform hears, so that what was acknowledged is done, once, whatever crashes in between. */
export function createInbox(app: App, options: InboxOptions): Inbox {
  const { ctx } = app
  const { platform } = options
  const running = new Set<Promise<void>>()
  const waiting: (() => void)[] = []
  let active = 0
  let sweep: NodeJS.Timeout | undefined
  let isStopping = false

  const store = createBatch(app, platform)

  /** In its turn: the database has to keep connections free for what comes in. */
  const inTurn = async <T>(run: () => Promise<T>): Promise<T> => {
    if (active >= most) await new Promise<void>((resolve) => waiting.push(resolve))
    else active += 1
    try {
      return await run()
    } finally {
      const next = waiting.shift()
      if (next) next()
      else active -= 1
    }
  }

  const work = async (happening: Happening): Promise<void> => {
    const done = handle(app, options, happening, { inTurn, isStopping: () => isStopping }).catch(
      (error: unknown) => void incident(ctx.log, error),
    )
    running.add(done)
    await done
    running.delete(done)
  }

  const resume = async (): Promise<void> => {
    for (const happening of await leftOver(app, platform)) void work(happening)
  }

  return {
    take: (happening) =>
      new Promise((resolve) => {
        const taken: Taken = {
          happening,
          isLate: false,
          settle(outcome) {
            clearTimeout(timer)
            resolve(outcome)
          },
        }
        const timer = setTimeout(() => {
          taken.isLate = true
          resolve('busy')
        }, takeMs)
        store(taken)
      }),
    work,
    start() {
      const again = (): void => void resume().catch((error: unknown) => ctx.log.warn({ error, platform }, 'inbox'))
      again()
      sweep = setInterval(again, sweepMs)
      sweep.unref()
    },
    async stop() {
      isStopping = true
      clearInterval(sweep)
      await Promise.allSettled(running)
    },
  }
}

type Taken = {
  happening: Happening
  /** Its person was told that nothing was taken. */
  isLate: boolean
  settle(outcome: 'new' | 'seen' | 'busy'): void
}

/** Those that come while one insert is on its way go together in the next: five hundred at once are a handful of inserts. */
function createBatch({ ctx }: App, platform: string): (taken: Taken) => void {
  let waiting: Taken[] = []
  let isOnItsWay = false
  const flush = async (): Promise<void> => {
    isOnItsWay = true
    for (let batch = waiting; batch.length > 0; batch = waiting) {
      waiting = []
      await insert(ctx, platform, batch).catch((error: unknown) => {
        ctx.log.warn({ error, platform }, 'events could not be stored')
        for (const taken of batch) taken.settle('busy')
      })
    }
    isOnItsWay = false
  }
  return (taken) => {
    waiting.push(taken)
    if (!isOnItsWay) void flush()
  }
}

async function insert(ctx: App['ctx'], platform: string, batch: readonly Taken[]): Promise<void> {
  const first = new Map<string, Taken>()
  for (const taken of batch)
    if (!isGivenUp(taken)) first.set(taken.happening.key, first.get(taken.happening.key) ?? taken)
  if (first.size === 0) return
  const rows = await ctx.db
    .insertInto('inbox')
    .values(
      [...first].map(([key, { happening }]) => ({
        key,
        platform,
        event: cleanJson(happening),
        leased_until: new Date(ctx.now() + leaseMs),
      })),
    )
    .onConflict((conflict) => conflict.column('key').doNothing())
    .returning('key')
    .execute()
  const stored = new Set(rows.map(({ key }) => key))
  // Before the next batch, in which the same may come again.
  const late = [...first].flatMap(([key, taken]) => (stored.has(key) && isGivenUp(taken) ? [key] : []))
  if (late.length > 0) await ctx.db.deleteFrom('inbox').where('key', 'in', late).execute()
  for (const taken of batch) {
    const { key } = taken.happening
    taken.settle(stored.has(key) && first.get(key) === taken ? 'new' : 'seen')
  }
}

/** What a person was told to ask again must not be done as well. What people say is kept, however late. */
const isGivenUp = ({ isLate, happening }: Taken): boolean => isLate && happening.type === 'call'

type Turns = { inTurn<T>(run: () => Promise<T>): Promise<T>; isStopping(): boolean }

async function handle(app: App, options: InboxOptions, happening: Happening, turns: Turns): Promise<void> {
  const { ctx } = app
  try {
    if (happening.type === 'call') {
      const done = await turns.inTurn(async () =>
        turns.isStopping() ? undefined : await runCall(app, options, happening),
      )
      // Left undone: whoever starts next goes on with it.
      if (!done) return
      await answerPatiently(options, { ...happening, call: done.call }, done.said, turns)
    } else
      await turns.inTurn(async () => {
        if (happening.type === 'said') await hear(ctx, happening.said)
        else await forget(ctx, happening.message)
      })
  } catch (error) {
    // The next sweep after the lease tries again, as long as the person may still be waiting.
    if (error instanceof RetryableError) return ctx.log.warn({ error, platform: options.platform }, 'answer put off')
    incident(ctx.log, error)
  }
  // Nothing of what was said or asked stays here, and no key to an answer.
  await ctx.db
    .updateTable('inbox')
    .set({ done_at: new Date(ctx.now()), leased_until: null, event: '{}' })
    .where('key', '=', happening.key)
    .execute()
}

async function runCall(
  app: App,
  options: InboxOptions,
  happening: CallHappening,
): Promise<{ call: Call; said: Answer }> {
  let call = options.resolve ? await options.resolve(happening) : happening.call
  if (call === undefined) return { call: happening.call, said: { view: tooOld, audience: 'caller' } }
  if (options.isManager && isManagersOnly(app, call.line))
    call = { ...call, caller: { ...call.caller, manager: await options.isManager(call) } }
  return { call, said: await app.run(call) }
}

/** A platform that asks for a moment gets it: the command has run, and is not to run again for that. */
async function answerPatiently(
  options: InboxOptions,
  happening: CallHappening,
  said: Answer,
  turns: Turns,
): Promise<void> {
  const until = Date.now() + patienceMs
  for (;;) {
    try {
      return await options.answer(happening, said)
    } catch (error) {
      const isWait = error instanceof RetryableError && error.afterMs !== undefined && !error.maybeDone
      if (!isWait || turns.isStopping() || Date.now() + (error.afterMs ?? 0) > until) throw error
      await wait(error.afterMs ?? 0)
    }
  }
}

const tooOld = problemView({ message: 'This button is too old.', hint: '/proposals' })

function isManagersOnly(app: App, line: string): boolean {
  try {
    const parsed = app.parse(line)
    return parsed.status !== 'unknown' && parsed.command.access === 'manager'
  } catch {
    return false
  }
}

/** Takes over what nobody is at any more; what can no longer be answered is let go. */
async function leftOver({ ctx }: App, platform: string): Promise<Happening[]> {
  const now = ctx.now()
  const undone = ctx.db
    .updateTable('inbox')
    .where('platform', '=', platform)
    .where('done_at', 'is', null)
    .where('leased_until', '<', new Date(now))
  await undone
    .set({ done_at: new Date(now), event: '{}' })
    .where('received_at', '<', new Date(now - answerableMs))
    .where(sql<boolean>`event ->> 'type' = 'call'`)
    .execute()
  const rows = await undone
    .set({ leased_until: new Date(now + leaseMs) })
    .returning('event')
    .execute()
  return rows.map(({ event }) => event as Happening)
}
