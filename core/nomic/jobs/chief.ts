import { lookAtChief } from '../jobs.ts'
import { lookAtDao } from '../look.ts'
import { defineJob } from '../../job.ts'

/** Looks how a Nomic DAO stands, whenever its contracts said something or time may have moved it on. */
export const chiefJob = defineJob({
  ...lookAtChief,
  retry: { limit: 30, delayMs: 1_000, backoff: true },
  concurrency: 2,
  expireSeconds: 60,
  run: lookAtDao,
})
