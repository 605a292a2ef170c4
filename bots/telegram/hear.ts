import { setTimeout as wait } from 'node:timers/promises'
import { GrammyError, type Api } from 'grammy'
import type { Update } from 'grammy/types'
import { incident, type Context } from '../../core/index.ts'

const pollSeconds = 30
const restMs = 1_000
const conflictMs = 5_000

export const wanted = [
  'message',
  'edited_message',
  'callback_query',
  'inline_query',
  'chosen_inline_result',
  'my_chat_member',
] as const

/**
 * Long polling. Updates are confirmed by asking for later ones, which happens only once they are stored: after a crash they
 * come again. Another process with the same token is waited out.
 */
export function poll(
  ctx: Pick<Context, 'log'>,
  api: Api,
  receive: (update: Update) => Promise<boolean>,
): { stop(): Promise<void> } {
  const end = new AbortController()
  const run = async (): Promise<void> => {
    let offset = 0
    while (!end.signal.aborted) {
      try {
        const updates = await api.getUpdates(
          { offset, limit: 100, timeout: pollSeconds, allowed_updates: wanted },
          end.signal as never,
        )
        const stored = await Promise.all(
          updates.map((update) =>
            receive(update).catch((error: unknown) => {
              // A fault of ours: the same update would meet it again.
              incident(ctx.log, error)
              return true
            }),
          ),
        )
        const firstLost = updates.find((_, index) => !stored[index])
        offset = firstLost?.update_id ?? (updates.at(-1)?.update_id ?? offset - 1) + 1
        if (firstLost) await wait(restMs, undefined, { signal: end.signal })
      } catch (error) {
        if (end.signal.aborted) return
        await wait(pauseAfter(ctx, error), undefined, { signal: end.signal }).catch(() => undefined)
      }
    }
  }
  const running = run().catch((error: unknown) => {
    if (!end.signal.aborted) incident(ctx.log, error)
  })
  return {
    async stop() {
      end.abort()
      await running
    },
  }
}

function pauseAfter({ log }: Pick<Context, 'log'>, error: unknown): number {
  if (!(error instanceof GrammyError)) {
    log.warn({ error }, 'Telegram does not answer')
    return restMs
  }
  if (error.error_code === 409) {
    log.error('Another program uses the same Telegram token: stop it, or give one of them a token of its own')
    return conflictMs
  }
  log.warn({ error }, 'Telegram refused an update')
  return (error.parameters.retry_after ?? 1) * 1_000
}
