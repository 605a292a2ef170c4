import { lookAtPolls } from '../jobs.ts'
import { lookAtDaoPolls } from '../look.ts'
import { defineJob } from '../../job.ts'

/** Looks how the polls of a Nomic DAO stand, whenever the contract said something or time may have moved them on. */
export const pollsJob = defineJob({
  ...lookAtPolls,
  retry: { limit: 30, delayMs: 1_000, backoff: true },
  concurrency: 2,
  expireSeconds: 60,
  run: lookAtDaoPolls,
})
