import { z } from 'zod'
import { declareJob } from '../job.ts'

/** Sends the waiting ballots of one DAO; `core/ballots/jobs/relay.ts` runs it. */
export const relay = declareJob('relay', z.object({ daoId: z.string() }))
