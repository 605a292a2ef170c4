import { announce } from '../decisions/announce.ts'
import type { Context } from '../context.ts'
import { spellDecision } from '../decisions/spell.ts'
import { announceSpell } from '../nomic/jobs.ts'
import { defineJob } from '../job.ts'

/** Draws the card of a spell wherever its DAO is heard of, and says each step of its life once. */
export const announceSpellJob = defineJob({
  ...announceSpell,
  retry: { limit: 20, delayMs: 1_000, backoff: true },
  concurrency: 2,
  expireSeconds: 60,
  run: (ctx: Context, { spellId }) => announce(ctx, spellDecision, spellId),
})
