import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import type { Context } from '../context.ts'
import { RetryableError } from '../errors.ts'
import { incident } from '../log.ts'
import { endTurn, takeTurn, turnMs } from './cursor.ts'
import { poll, type Poll } from './poll.ts'

type Listening = Pick<Context, 'db' | 'chain' | 'queue' | 'log' | 'config' | 'kinds'>

const pollMs = 1_000
const embeddedPollMs = 400
const stoppedMs = 60_000
const longestPauseMs = 30_000
const lowerMs = { warn: 120_000, error: 600_000 }

/** One look at the chain, up to its head as it is now. Any number may run at once; none does a thing twice. */
export const pollOnce = (ctx: Listening): Promise<Poll> => poll(ctx)

/**
 * Follows the chain until it is stopped. A node that is down or slow is asked more and more rarely, and named in the log
 * once when it goes and once when it is back. Of several processes one listens; another takes over when it is gone.
 */
export function startListener(ctx: Listening): Promise<{ stop(): Promise<void> }> {
  const holder = randomUUID()
  const end = new AbortController()
  const outage = watchOutage(ctx)
  const lower = watchLower(ctx)
  const loop = async (): Promise<void> => {
    let turnUntil = 0
    const isOurTurn = async (): Promise<boolean> => {
      if (performance.now() < turnUntil) return true
      const asked = performance.now()
      const taken = await takeTurn(ctx, holder)
      turnUntil = taken ? asked + turnMs / 2 : 0
      return taken
    }
    while (!end.signal.aborted) {
      const pauseMs = await isOurTurn()
        .then((mine) => (mine ? pollOnce(ctx) : undefined))
        .then(
          (found) => {
            outage.over()
            lower.saw(found)
            if (found?.status === 'stopped') return stoppedMs
            return ctx.config.RPC_URL === undefined ? embeddedPollMs : pollMs
          },
          (error: unknown) => outage.pauseMs(error),
        )
      await wait(pauseMs, undefined, { signal: end.signal }).catch(() => undefined)
    }
  }
  const done = loop()
  return Promise.resolve({
    async stop() {
      end.abort()
      await done
      await endTurn(ctx, holder).catch(() => undefined)
    },
  })
}

function watchOutage(ctx: Listening): { over(): void; pauseMs(error: unknown): number } {
  let failures = 0
  return {
    over() {
      if (failures > 1) ctx.log.info({ chain: ctx.chain.id, failures }, 'the chain answers again')
      failures = 0
    },
    pauseMs(error) {
      failures += 1
      const afterMs = error instanceof RetryableError ? error.afterMs : undefined
      // One failure is a hiccup: nodes behind one address disagree now and then.
      if (failures === 2) {
        if (error instanceof RetryableError) ctx.log.warn({ chain: ctx.chain.id, error }, 'the chain does not answer')
        else incident(ctx.log, error)
      }
      return Math.max(afterMs ?? 0, Math.min(pollMs * 2 ** (failures - 1), longestPauseMs))
    },
  }
}

/** A head below what is known is no reason to undo anything; that it lasts is worth a word. */
function watchLower(ctx: Listening): { saw(found: Poll | undefined): void } {
  let since: number | undefined
  let said: 'warn' | 'error' | undefined
  return {
    saw(found) {
      if (found?.status !== 'lower') {
        since = said = undefined
        return
      }
      since ??= performance.now()
      const lastedMs = performance.now() - since
      const level = lastedMs > lowerMs.error ? 'error' : lastedMs > lowerMs.warn ? 'warn' : undefined
      if (level === undefined || level === said) return
      said = level
      ctx.log[level](
        { chain: ctx.chain.id, head: found.head.toString() },
        'the head of the chain is below what was read',
      )
    },
  }
}
