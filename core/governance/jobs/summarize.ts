import { isStopgap } from '../../ai/summarize.ts'
import { summarizeAgain } from '../../chat/hear.ts'
import type { Context } from '../../context.ts'
import { announce } from '../announce.ts'
import { topicOf } from '../discussion.ts'
import { proposalById } from '../proposal.ts'
import { summarizeProposal } from '../summary.ts'
import { defineJob } from '../../job.ts'

/** A forum tells nobody that something was said, and a model that failed tells nobody that it works again. */
const askAgainMs = 10 * 60_000

/** Summarises, then has the card drawn anew. The card itself never waits for this. */
export const summarizeJob = defineJob({
  ...summarizeAgain,
  retry: { limit: 5, delayMs: 5_000, backoff: true },
  concurrency: 2,
  expireSeconds: 1_800,
  async run(ctx: Context, { proposalId }) {
    const summaries = await summarizeProposal(ctx, proposalId)
    const { description, state } = await proposalById(ctx, proposalId)
    await ctx.queue.send(ctx.db, announce, { proposalId }, { key: proposalId })
    const isOpen = state === 'pending' || state === 'active'
    const hasForum = topicOf(description, ctx.config.DISCUSSION_HOSTS) !== undefined
    if (isOpen && (hasForum || (ctx.ai && summaries.some(isStopgap))))
      await ctx.queue.send(ctx.db, summarizeAgain, { proposalId }, { key: proposalId, afterMs: askAgainMs })
  },
})
