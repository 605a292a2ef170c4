import { relayApprovals } from '../jobs.ts'
import { approvalKind } from '../approval-kind.ts'
import { relayWaiting } from '../../relay/engine.ts'
import type { Context } from '../../context.ts'
import { defineJob } from '../../job.ts'

/** Sends the waiting approvals of one Nomic DAO. */
export const approvalsJob = defineJob({
  ...relayApprovals,
  retry: { limit: 30, delayMs: 1_000, backoff: true },
  concurrency: 2,
  expireSeconds: 60,
  run: (ctx: Context, params) => relayWaiting(ctx, approvalKind, params),
})
