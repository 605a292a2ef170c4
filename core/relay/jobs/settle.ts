import { settle } from '../lane.ts'
import { reconcileRows, settleLoose } from '../reconcile.ts'
import { hasUnsettled, settleLane } from '../settle.ts'
import type { Context } from '../../context.ts'
import { defineJob } from '../../job.ts'

const soonMs = 1_000

/** Follows the relayer's transactions as long as one of them is not final. */
export const settleJob = defineJob({
  ...settle,
  retry: { limit: 30, delayMs: 1_000, backoff: true },
  concurrency: 1,
  expireSeconds: 60,
  async run(ctx: Context) {
    await settleAll(ctx)
    if (ctx.chain.relayer && (await hasUnsettled(ctx)))
      await ctx.queue.send(ctx.db, settle, {}, { key: 'settle', afterMs: soonMs })
  },
})

export async function settleAll(ctx: Context): Promise<void> {
  if (ctx.chain.relayer) await settleLane(ctx)
  for (const kind of ctx.kinds.signed) {
    const rows = (await kind.overtaken?.(ctx)) ?? []
    await reconcileRows(ctx, kind, { rows, receipt: undefined })
  }
  for (const kind of ctx.kinds.signed) await settleLoose(ctx, kind)
}
