import { announce as announceDecision } from '../../chat/announce.ts'
import type { Context } from '../../context.ts'
import { proposalDecision } from '../decision.ts'
import { announce } from '../announce.ts'
import { defineJob } from '../../job.ts'

/** Draws the card of a proposal wherever its DAO is heard of; the outbox sends only what changed. */
export const announceJob = defineJob({
  ...announce,
  retry: { limit: 20, delayMs: 1_000, backoff: true },
  concurrency: 2,
  expireSeconds: 60,
  run: (ctx: Context, { proposalId }) => announceDecision(ctx, proposalDecision, proposalId),
})
