import { z } from 'zod'
import { declareJob } from '../job.ts'

/** Asks the polls of a Nomic DAO how they stand at the block of the cursor; key: the DAO's id. */
export const lookAtPolls = declareJob('polls', z.object({ daoId: z.string() }))

/** Draws a poll's card anew wherever its DAO is heard of; key: the poll's id. */
export const announcePoll = declareJob('announce-poll', z.object({ pollId: z.string() }))

/** Sends the waiting papers of a Nomic DAO; key: the DAO's id. */
export const relayPapers = declareJob('papers', z.object({ daoId: z.string() }))
