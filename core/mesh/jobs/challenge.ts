import { announce } from '../../chat/announce.ts'
import type { Context } from '../../context.ts'
import { challengeDecision } from '../decision.ts'
import { showChallenge } from '../jobs.ts'
import { defineJob } from '../../job.ts'

/** Draws the card of a challenge and its steps wherever it is heard of. */
export const challengeJob = defineJob({
  ...showChallenge,
  retry: { limit: 20, delayMs: 1_000, backoff: true },
  concurrency: 2,
  expireSeconds: 60,
  run: (ctx: Context, { challengeId }) => announce(ctx, challengeDecision, challengeId),
})
