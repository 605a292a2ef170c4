import { z } from 'zod'
import { warnOfDelay } from '../deadline.ts'
import { daosWaiting, relayWaiting } from '../engine.ts'
import type { Context } from '../../context.ts'
import { defineJob } from '../../job.ts'
import { settleAll } from './settle.ts'

/**
 * Brings everything that waits for the relayer forward by the rows alone, as after a crash: rows are the truth, the queue
 * only a timer, and a job that died with its worker holds up others of its key until it expires. `bots/main.ts` runs it at
 * the start, the clock now and then.
 */
export const healJob = defineJob({
  name: 'heal',
  schema: z.object({}),
  retry: { limit: 2, delayMs: 1_000 },
  concurrency: 1,
  expireSeconds: 60,
  run: heal,
})

export async function heal(ctx: Context): Promise<void> {
  const steps = [
    () => settleAll(ctx),
    ...ctx.kinds.signed.map((kind) => async () => {
      for (const daoId of await daosWaiting(ctx, kind)) await relayWaiting(ctx, kind, { daoId })
    }),
    ...ctx.kinds.intents.map((kind) => async () => await kind.wake?.(ctx)),
    () => warnOfDelay(ctx),
  ]
  const faults: unknown[] = []
  // What cannot be done now must not keep the rest from being done, least of all the warning.
  for (const step of steps) await step().catch((fault: unknown) => faults.push(fault))
  if (faults.length > 0) throw faults[0]
}
