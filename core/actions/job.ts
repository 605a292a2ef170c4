import { z } from 'zod'
import { declareJob } from '../job.ts'

/** Sends what is signed, and follows what is sent; `core/actions/jobs/action.ts` runs it. */
export const action = declareJob('action', z.object({}))
