import { schedule } from 'node-cron'
import type { Context } from '../context.ts'
import type { Tick } from '../feature.ts'

export function startClock(ctx: Pick<Context, 'db' | 'queue' | 'log'>, ticks: readonly Tick[]): { stop(): void } {
  const tasks = ticks.map(({ cron, job }) =>
    schedule(cron, async () => {
      await ctx.queue
        .send(ctx.db, job, {}, { key: job.name })
        .catch((error: unknown) => ctx.log.warn({ error, job: job.name }, 'a tick was not sent'))
    }),
  )
  return {
    stop() {
      for (const task of tasks) void task.destroy()
    },
  }
}
