import { z } from 'zod'
import { deliver } from '../chat/deliver.ts'
import type { Context } from '../context.ts'
import { defineJob } from './queue.ts'

const staleMs = 30_000
const sweepSize = 500

/** Shows one message: see `core/chat/outbox.ts`. */
export const deliverJob = defineJob({
  name: 'deliver',
  schema: z.object({ key: z.string() }),
  retry: { limit: 30, delayMs: 1_000, backoff: true },
  concurrency: 4,
  expireSeconds: 60,
  run: (ctx: Context, { key }) => deliver(ctx, (name) => ctx.platform?.(name), key),
})

/** Finds messages that are not what they should be although nothing is on its way, as after a crash: rows are the truth, the queue only a timer. */
export const redeliverJob = defineJob({
  name: 'redeliver',
  schema: z.object({}),
  concurrency: 1,
  expireSeconds: 300,
  async run(ctx: Context) {
    const rows = await ctx.db
      .selectFrom('effect')
      .select('key')
      .where('state', '<>', 'gone')
      .where((eb) => eb('shown_hash', 'is distinct from', eb.ref('wanted_hash')))
      .where('updated_at', '<', new Date(ctx.now() - staleMs))
      .orderBy('updated_at')
      .limit(sweepSize)
      .execute()
    for (const { key } of rows) {
      await deliver(ctx, (name) => ctx.platform?.(name), key).catch(async (error: unknown) => {
        ctx.log.warn({ key, error }, 'message not shown yet')
        // To the end of the line, or those that cannot be shown would keep all others from their turn.
        await ctx.db
          .updateTable('effect')
          .set({ updated_at: new Date(ctx.now()) })
          .where('key', '=', key)
          .execute()
      })
    }
  },
})
