import { sql } from 'kysely'
import type { Context } from '../context.ts'
import type { BallotRow } from '../db/tables/ballots.ts'

const atOnce = 200

/** Ballots beside which the listener read a vote of the same wallet: perhaps the wallet voted by itself. */
export function overtakenBallots(ctx: Context): Promise<BallotRow[]> {
  return ctx.db
    .selectFrom('ballot')
    .innerJoin('proposal', 'proposal.id', 'ballot.proposal_id')
    .innerJoin('dao', 'dao.id', 'proposal.dao_id')
    .selectAll('ballot')
    .where('dao.chain_id', '=', ctx.chain.id)
    .where('ballot.state', 'in', ['accepted', 'counted', 'final'])
    .where((eb) => eb.or([eb('proposal.state', '=', 'active'), eb('ballot.final_at', 'is', null)]))
    .where((eb) =>
      eb.exists(
        eb
          .selectFrom('vote')
          .select('vote.voter')
          .whereRef('vote.proposal_id', '=', 'ballot.proposal_id')
          .whereRef('vote.voter', '=', 'ballot.voter')
          .where('vote.orphaned_at', 'is', null)
          .where(sql<boolean>`vote.block_number > coalesce(ballot.block_number, 0)`),
      ),
    )
    .orderBy('ballot.accepted_at', 'desc')
    .limit(atOnce)
    .execute()
}
