import { announce } from '../../chat/announce.ts'
import type { Context } from '../../context.ts'
import { pollDecision } from '../decision.ts'
import { announcePoll } from '../jobs.ts'
import { defineJob } from '../../job.ts'

/** Draws the card of a poll wherever its DAO is heard of, and says once what it came to. */
export const announcePollJob = defineJob({
  ...announcePoll,
  retry: { limit: 20, delayMs: 1_000, backoff: true },
  concurrency: 2,
  expireSeconds: 60,
  run: (ctx: Context, { pollId }) => announce(ctx, pollDecision, pollId),
})
