import { relayApprovals } from '../nomic/jobs.ts'
import { relayWaiting } from '../nomic/relay.ts'
import { defineJob } from './queue.ts'

/** Sends the waiting approvals of one Nomic DAO. */
export const approvalsJob = defineJob({
  ...relayApprovals,
  retry: { limit: 30, delayMs: 1_000, backoff: true },
  concurrency: 2,
  expireSeconds: 60,
  run: relayWaiting,
})
