import { z } from 'zod'
import type { Context } from '../context.ts'
import { dropUnmarked } from '../drafts/draft.ts'
import { defineJob } from './queue.ts'

const dayMs = 86_400_000
/** Platforms repeat what they think was lost within minutes; a ballot page is of no use after its hour. */
const keptMs = 7 * dayMs
/** A draft of a proposal that nobody touched for so long is given up. */
const draftMs = 60 * dayMs

/** Lets go of what has had its use: pages that expired, tickets, and lines that were answered. */
export const tidyJob = defineJob({
  name: 'tidy',
  schema: z.object({}),
  concurrency: 1,
  async run(ctx: Context) {
    const before = new Date(ctx.now() - keptMs)
    await ctx.db.deleteFrom('draft').where('expires_at', '<', before).execute()
    await ctx.db.deleteFrom('action').where('expires_at', '<', before).execute()
    await ctx.db.deleteFrom('paper_page').where('expires_at', '<', before).execute()
    await ctx.db
      .deleteFrom('proposal_draft')
      .where('updated_at', '<', new Date(ctx.now() - draftMs))
      .execute()
    await dropUnmarked(ctx)
    await ctx.db.deleteFrom('ticket').where('expires_at', '<', before).execute()
    await ctx.db.deleteFrom('inbox').where('received_at', '<', before).execute()
  },
})
