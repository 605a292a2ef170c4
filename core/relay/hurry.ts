import type { Context } from '../context.ts'
import type { IntentRow } from '../db/tables/ballots.ts'
import type { DaoRow } from '../db/tables/governance.ts'
import { governorClock } from '../governance/weight.ts'
import { showBallotCard } from '../ballots/card.ts'
import { hurrySeconds } from '../ballots/relay-job.ts'

/** Before the end by this much a voter is told that AutoCo cannot get the ballot through, so that there is time to act. */
const warnSeconds = 1_800n
/** A ballot that is on its way for less than this is no cause for alarm. */
const usualMs = 120_000

/** Whether a transaction carries ballots whose vote ends soon. */
export async function isUrgent(ctx: Context, intent: Pick<IntentRow, 'id' | 'purpose'>): Promise<boolean> {
  if (intent.purpose !== 'ballots') return false
  const first = await ctx.db
    .selectFrom('ballot')
    .innerJoin('proposal', 'proposal.id', 'ballot.proposal_id')
    .innerJoin('dao', 'dao.id', 'proposal.dao_id')
    .select(['ballot.deadline', 'dao.address', 'dao.kind', 'dao.clock'])
    .where('ballot.intent_id', '=', intent.id)
    .orderBy('ballot.deadline')
    .limit(1)
    .executeTakeFirst()
  return first !== undefined && BigInt(first.deadline) - (await governorClock(ctx, first)) <= hurrySeconds
}

/** Tells voters whose ballots are stuck while the end comes near that they can send them alone. */
export async function warnOfDelay(ctx: Context): Promise<void> {
  const stuck = await ctx.db
    .selectFrom('ballot')
    .innerJoin('proposal', 'proposal.id', 'ballot.proposal_id')
    .innerJoin('dao', 'dao.id', 'proposal.dao_id')
    .select(['ballot.id', 'ballot.deadline', 'dao.address', 'dao.kind', 'dao.clock'])
    .where('dao.chain_id', '=', ctx.chain.id)
    .where('ballot.state', 'in', ['accepted', 'batched'])
    .where('ballot.accepted_at', '<', new Date(ctx.now() - usualMs))
    .execute()
  for (const ballots of Map.groupBy(stuck, (row) => row.address).values()) {
    const now = ballots[0] && (await clockOrOurs(ctx, ballots[0]))
    if (now === undefined) continue
    const late = ballots.filter(({ deadline }) => BigInt(deadline) - now <= warnSeconds)
    for (const { id } of late)
      await ctx.db.transaction().execute((trx) => showBallotCard(ctx, trx, id, { delayed: true }))
  }
}

/** Nothing is decided by it, and a chain that does not answer is just what a voter has to hear of. */
async function clockOrOurs(ctx: Context, dao: Pick<DaoRow, 'address' | 'kind' | 'clock'>): Promise<bigint | undefined> {
  try {
    return await governorClock(ctx, dao)
  } catch {
    return dao.clock === 'timestamp' ? BigInt(Math.floor(ctx.now() / 1_000)) : undefined
  }
}
