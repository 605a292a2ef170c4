import { schedule } from 'node-cron'
import type { Context } from '../context.ts'
import { reverify } from '../identity/reverify.ts'
import { redeliverJob } from './deliver.ts'
import { digestsJob } from './digests.ts'
import { healJob } from './heal.ts'
import type { JobDeclaration } from '../job.ts'
import { remindJob } from './remind.ts'
import { roles } from '../roles/job.ts'
import { tidyJob } from './tidy.ts'

/** The clock only rings: each tick sends a keyed job, so however many processes ring, one job waits. */
const ticks: readonly { cron: string; job: JobDeclaration<Record<string, never>> }[] = [
  { cron: '*/15 * * * * *', job: healJob },
  { cron: '*/30 * * * * *', job: redeliverJob },
  { cron: '*/20 * * * * *', job: remindJob },
  { cron: '0 * * * * *', job: digestsJob },
  { cron: '7 * * * *', job: roles },
  { cron: '17 * * * *', job: reverify },
  { cron: '43 3 * * *', job: tidyJob },
]

export function startClock(ctx: Pick<Context, 'db' | 'queue' | 'log'>): { stop(): void } {
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
