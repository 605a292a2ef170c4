import type { Context } from '../context.ts'
import { lookAtChief } from './jobs.ts'

/** Has those Nomic DAOs looked at whose time has come by the chain's own clock: a spell expires, or may be lifted or cast. */
export async function wakeChiefs(
  ctx: Pick<Context, 'db' | 'chain' | 'queue'>,
  { time }: { time: bigint },
): Promise<void> {
  const due = await ctx.db
    .selectFrom('chief')
    .innerJoin('dao', 'dao.id', 'chief.dao_id')
    .select('chief.dao_id')
    .where('dao.chain_id', '=', ctx.chain.id)
    .where('chief.due_at', '<=', time.toString())
    .execute()
  for (const { dao_id: daoId } of due) await ctx.queue.send(ctx.db, lookAtChief, { daoId }, { key: daoId })
}
