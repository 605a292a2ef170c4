import { z } from 'zod'
import { defineJob } from '../job.ts'

/** Platforms repeat what they think was lost within minutes; a ballot page is of no use after its hour. */
const keptMs = 7 * 86_400_000

/** Lets go of what has had its use: pages that expired, tickets, and lines that were answered. */
export const tidyJob = defineJob({
  name: 'tidy',
  schema: z.object({}),
  concurrency: 1,
  async run(ctx) {
    for (const tidy of ctx.kinds.tidy) await tidy(ctx, new Date(ctx.now() - keptMs))
  },
})
