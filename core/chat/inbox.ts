import { setTimeout as wait } from 'node:timers/promises'
import { sql } from 'kysely'
import type { Answer, Host } from '../host.ts'
import { RetryableError, UserError } from '../errors.ts'
import { incident } from '../log.ts'
import { GoneError, privateChannel, type Call } from '../platform.ts'
import { cleanJson, type View } from '../view.ts'
import { problemView } from '../problem.ts'
import { forget, hear } from './hear.ts'
import type { CallHappening, Happening } from './happening.ts'
import { createIntake } from './intake.ts'
import { tellWhoIsHere } from './notices.ts'

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
  /** The channel and the thread of something said, where the event itself does not tell. */
  locate?: (channel: string) => Promise<{ channel: string; thread?: string | undefined }>
  /** Deals with what only this platform knows. */
  other?: (data: unknown) => Promise<void>
}

const leaseMs = 60_000
const sweepMs = 15_000
/** After that something that was put off is tried again. */
const putOffMs = 10_000
const patienceMs = 30_000
/** An answer that comes later than this surprises more than it helps, and most platforms no longer take it. */
const answerableMs = 15 * 60_000
/** Commands at once in this process. */
const most = 8

/** Takes in what a platform hears, so that what was acknowledged is done, once, whatever crashes in between. */
export function createInbox(app: Host, options: InboxOptions): Inbox {
  const { ctx } = app
  const { platform } = options
  const working = new Map<string, Promise<void>>()
  const inOrder = createOrder()
  const waiting: (() => void)[] = []
  let active = 0
  let sweep: NodeJS.Timeout | undefined
  let isStopping = false

  const intake = createIntake(ctx, { platform, leaseMs })

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
    const { key } = happening
    const done =
      working.get(key) ??
      inOrder(messageOf(happening), () => handle(app, options, happening, { inTurn, isStopping: () => isStopping }))
        .catch((error: unknown) => void incident(ctx.log, error))
        .finally(() => working.delete(key))
    working.set(key, done)
    await done
  }

  const resume = async (): Promise<void> => {
    await intake.dropRefused()
    await keepLeases(app, [...working.keys()])
    for (const happening of await leftOver(app, { platform, working })) void work(happening)
  }

  return {
    take: (happening) => intake.take(happening),
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
      await Promise.allSettled(working.values())
    },
  }
}

/** One after the other for each name, and all at once without one. */
function createOrder() {
  const last = new Map<string, Promise<void>>()
  return async (name: string | undefined, run: () => Promise<void>): Promise<void> => {
    if (name === undefined) return await run()
    const done = (last.get(name) ?? Promise.resolve()).catch(() => undefined).then(run)
    last.set(name, done)
    await done.finally(() => {
      if (last.get(name) === done) last.delete(name)
    })
  }
}

/** What is said, changed and taken back of one message happens in that order. */
function messageOf(happening: Happening): string | undefined {
  if (happening.type !== 'said' && happening.type !== 'forgot') return undefined
  const { channel, id } = happening.type === 'said' ? happening.said : happening.message
  return `${channel} ${id}`
}

type Turns = { inTurn<T>(run: () => Promise<T>): Promise<T>; isStopping(): boolean }

async function handle(app: Host, options: InboxOptions, happening: Happening, turns: Turns): Promise<void> {
  const { ctx } = app
  let told: CallHappening | undefined
  try {
    if (happening.type === 'call') {
      told = await turns.inTurn(async () => (turns.isStopping() ? undefined : await runCall(app, options, happening)))
      // Left undone: whoever starts next goes on with it.
      if (!told?.said) return
      await answerPatiently(options, told, told.said, turns)
      await tellWhoIsHere(ctx, privateChannel(told.call.caller))
    } else await turns.inTurn(() => take(app, options, happening))
  } catch (error) {
    if (error instanceof RetryableError) {
      // A command that has run is not run again: only the telling of it is left.
      const event = told ? { event: cleanJson({ ...told, key: happening.key }) } : {}
      await ctx.db
        .updateTable('inbox')
        .set({ ...event, leased_until: new Date(ctx.now() + putOffMs) })
        .where('key', '=', happening.key)
        .execute()
      return ctx.log.warn({ error, platform: options.platform }, 'put off')
    }
    incident(ctx.log, error)
  }
  // Nothing of what was said or asked stays here, and no key to an answer.
  await ctx.db
    .updateTable('inbox')
    .set({ done_at: new Date(ctx.now()), leased_until: null, event: '{}' })
    .where('key', '=', happening.key)
    .execute()
}

async function take(
  { ctx }: Host,
  options: InboxOptions,
  happening: Exclude<Happening, { type: 'call' }>,
): Promise<void> {
  if (happening.type === 'other') return await options.other?.(happening.data)
  const { channel } = happening.type === 'said' ? happening.said : happening.message
  const place = await options.locate?.(channel).catch((error: unknown) => {
    // A channel that is gone by now has no talk to keep.
    if (error instanceof GoneError) return undefined
    throw error
  })
  if (happening.type === 'said') await hear(ctx, { ...happening.said, ...place })
  else await forget(ctx, { ...happening.message, ...(place ? { channel: place.channel } : {}) })
}

async function runCall(app: Host, options: InboxOptions, happening: CallHappening): Promise<CallHappening> {
  if (happening.said) return happening
  const call = options.resolve ? await options.resolve(happening) : happening.call
  if (call === undefined) return { ...happening, said: { view: tooOld, audience: 'caller' } }
  if (!options.isManager || !isManagersOnly(app, call.line)) return { ...happening, call, said: await app.run(call) }
  try {
    const asked = { ...call, caller: { ...call.caller, manager: await options.isManager(call) } }
    return { ...happening, call: asked, said: await app.run(asked) }
  } catch (error) {
    const view = refusalView(error)
    if (!view) throw error
    return { ...happening, call, said: { view, audience: 'caller' } }
  }
}

function refusalView(error: unknown): View | undefined {
  if (error instanceof UserError) return problemView(error)
  if (!(error instanceof GoneError)) return undefined
  return problemView({ message: `AutoCo cannot see who manages this channel: ${error.reason ?? 'it is gone'}.` })
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

function isManagersOnly(app: Host, line: string): boolean {
  try {
    const parsed = app.parse(line)
    return parsed.status !== 'unknown' && parsed.command.access === 'manager'
  } catch {
    return false
  }
}

/** A long queue of our own is not what a crash has left. */
async function keepLeases({ ctx }: Host, keys: readonly string[]): Promise<void> {
  if (keys.length === 0) return
  await ctx.db
    .updateTable('inbox')
    .set({ leased_until: new Date(ctx.now() + leaseMs) })
    .where('key', 'in', keys)
    .where('done_at', 'is', null)
    .execute()
}

/** Takes over what nobody is at any more, in the order in which it came; what can no longer be answered is let go. */
async function leftOver(
  { ctx }: Host,
  { platform, working }: { platform: string; working: ReadonlyMap<string, unknown> },
): Promise<Happening[]> {
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
    .returning(['event', 'received_at'])
    .execute()
  return rows
    .toSorted((a, b) => a.received_at.getTime() - b.received_at.getTime())
    .map(({ event }) => event as Happening)
    .filter(({ key }) => !working.has(key))
}
