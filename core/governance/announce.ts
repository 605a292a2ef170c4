import { z } from 'zod'
import { declareJob } from '../job.ts'

/**
 * Draws a proposal's card anew in every channel that hears of its DAO. Whoever changes a row that the card shows sends
 * it in the same transaction, with the proposal's id as key.
 */
export const announce = declareJob('announce', z.object({ proposalId: z.string() }))
