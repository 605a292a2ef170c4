import { z } from 'zod'
import type { Context, Trx } from '../context.ts'
import type { DaoRow } from '../db/tables/governance.ts'
import { declareJob } from '../job.ts'

/** Sends the waiting ballots of one DAO; `core/jobs/relay.ts` runs it. */
export const relay = declareJob('relay', z.object({ daoId: z.string() }))

/** Closer to the end than this, nothing waits for company. */
export const hurrySeconds = 600n

/** Rings for the ballots of a DAO: at once when a batch is full or the end is near, else when the batch had time to fill. */
export async function callRelay(
  ctx: Context,
  trx: Trx,
  params: { dao: Pick<DaoRow, 'id'>; left: bigint },
): Promise<void> {
  const { count } = await trx
    .selectFrom('ballot')
    .innerJoin('proposal', 'proposal.id', 'ballot.proposal_id')
    .where('proposal.dao_id', '=', params.dao.id)
    .where('ballot.state', '=', 'accepted')
    .select((eb) => eb.fn.countAll<string>().as('count'))
    .executeTakeFirstOrThrow()
  const isFull = Number(count) >= ctx.config.RELAY_BATCH_SIZE
  // A block takes a second or more, so blocks left are at least as many seconds.
  const isNear = params.left <= hurrySeconds
  const afterMs = isFull || isNear ? 0 : ctx.config.RELAY_FLUSH_SECONDS * 1_000
  await ctx.queue.send(trx, relay, { daoId: params.dao.id }, { key: `relay/${params.dao.id}`, afterMs })
}
