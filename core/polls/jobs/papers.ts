import { relayPapers } from '../jobs.ts'
import { paperKind } from '../paper-kind.ts'
import { relayWaiting } from '../../relay/engine.ts'
import type { Context } from '../../context.ts'
import { defineJob } from '../../job.ts'

/** Sends the waiting papers of one Nomic DAO. */
export const papersJob = defineJob({
  ...relayPapers,
  retry: { limit: 30, delayMs: 1_000, backoff: true },
  concurrency: 2,
  expireSeconds: 60,
  run: (ctx: Context, params) => relayWaiting(ctx, paperKind, params),
})
