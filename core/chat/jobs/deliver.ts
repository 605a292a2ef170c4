import { z } from 'zod'
import { drain } from '../lane.ts'
import { wake } from '../outbox.ts'
import type { Context } from '../../context.ts'
import { RetryableError } from '../../errors.ts'
import { defineJob } from '../../job.ts'

/** Shows what is due on one platform: see `core/chat/lane.ts`. Each run holds a worker while its platform is busy. */
export const deliverJob = defineJob({
  ...wake,
  retry: { limit: 10, delayMs: 1_000, backoff: true },
  concurrency: 6,
  expireSeconds: 60,
  async run(ctx: Context, { platform: name }) {
    const platform = ctx.platform?.(name)
    if (!platform) throw new RetryableError(`The platform ${name} does not run here.`)
    await drain(ctx, platform)
  },
})

/** Wakes where messages are not what they should be, as after a crash: rows are the truth, the queue only a timer. */
export const redeliverJob = defineJob({
  name: 'redeliver',
  schema: z.object({}),
  concurrency: 1,
  expireSeconds: 300,
  async run(ctx: Context) {
    const now = new Date(ctx.now())
    const rows = await ctx.db
      .selectFrom('effect')
      .select('platform')
      .distinct()
      .where('state', '<>', 'gone')
      .where((eb) => eb('shown_hash', 'is distinct from', eb.ref('wanted_hash')))
      .where((eb) => eb.or([eb('leased_until', 'is', null), eb('leased_until', '<=', now)]))
      .where((eb) => eb.or([eb('not_before', 'is', null), eb('not_before', '<=', now)]))
      .execute()
    await Promise.all(
      rows.map(async ({ platform: name }) => {
        const platform = ctx.platform?.(name)
        await (platform ? drain(ctx, platform) : ctx.queue.send(ctx.db, wake, { platform: name }, { key: name }))
      }),
    )
  },
})
