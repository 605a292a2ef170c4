import { z } from 'zod'
import { declareJob } from '../job.ts'

/** Tells channels of big moves of votes; sent with the rows of the moves. Run by `core/governance/jobs/power-moved.ts`. */
export const powerMoved = declareJob('power-moved', z.object({}))
