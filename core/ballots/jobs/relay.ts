import { relay } from '../relay-job.ts'
import { ballotKind } from '../ballot-kind.ts'
import { relayWaiting } from '../../relay/engine.ts'
import type { Context } from '../../context.ts'
import { defineJob } from '../../job.ts'

/** Sends the waiting ballots of one DAO. */
export const relayJob = defineJob({
  ...relay,
  retry: { limit: 30, delayMs: 1_000, backoff: true },
  concurrency: 2,
  expireSeconds: 60,
  run: (ctx: Context, params) => relayWaiting(ctx, ballotKind, params),
})
