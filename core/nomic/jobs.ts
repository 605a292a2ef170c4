import { z } from 'zod'
import { declareJob } from '../job.ts'

/** Asks chief, pause and spells of a Nomic DAO how they stand at the block of the cursor; key: the DAO's id. */
export const lookAtChief = declareJob('chief', z.object({ daoId: z.string() }))

/** Draws a spell's card anew wherever its DAO is heard of; key: the spell's id. */
export const announceSpell = declareJob('announce-spell', z.object({ spellId: z.string() }))

/** Sends the waiting approvals of a Nomic DAO; key: the DAO's id. */
export const relayApprovals = declareJob('approvals', z.object({ daoId: z.string() }))
