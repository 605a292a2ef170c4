import { z } from 'zod'
import { declareJob } from '../job.ts'

/** Draws a challenge wherever it is heard of; `core/mesh/jobs/challenge.ts` runs it. */
export const showChallenge = declareJob('challenge', z.object({ challengeId: z.string() }))

/** Carries out what time alone has decided in a challenge; `core/mesh/jobs/challenge-duties.ts` runs it. */
export const challengeDuties = declareJob('challenge-duties', z.object({ challengeId: z.string() }))
