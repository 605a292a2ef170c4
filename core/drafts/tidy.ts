import type { Context } from '../context.ts'
import type { Tidier } from '../eraser.ts'

/** A draft of a proposal that nobody touched for so long is given up. */
const draftMs = 60 * 86_400_000

export const tidyDrafts: Tidier = async (ctx) => {
  await ctx.db
    .deleteFrom('proposal_draft')
    .where('updated_at', '<', new Date(ctx.now() - draftMs))
    .execute()
  await dropUnmarked(ctx)
}

/** What people said for a draft that is gone, and for nothing else, is nobody's business any more. */
export async function dropUnmarked(ctx: Pick<Context, 'db'>): Promise<void> {
  await ctx.db
    .deleteFrom('message')
    .where('proposal_id', 'is', null)
    .where('draft_id', 'is', null)
    .where('decision', 'is', null)
    .execute()
}
