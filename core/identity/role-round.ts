import { z } from 'zod'
import { declareJob } from '../job.ts'

/** Looks who should wear which role now; sent with what may change it. Run by `core/roles/jobs/roles.ts`. */
export const roles = declareJob('roles', z.object({}))
