import { announce } from '../../chat/announce.ts'
import type { Context } from '../../context.ts'
import { spellDecision } from '../decision.ts'
import { announceSpell } from '../jobs.ts'
import { defineJob } from '../../job.ts'

/** Draws the card of a spell wherever its DAO is heard of, and says each step of its life once. */
export const announceSpellJob = defineJob({
  ...announceSpell,
  retry: { limit: 20, delayMs: 1_000, backoff: true },
  concurrency: 2,
  expireSeconds: 60,
  run: (ctx: Context, { spellId }) => announce(ctx, spellDecision, spellId),
})
