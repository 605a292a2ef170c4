import type { Context } from '../context.ts'
import type { BallotState } from '../db/tables/ballots.ts'
import type { Support } from '../voting/support.ts'
import type { Person } from '../command.ts'

/** How one wallet of a person has voted on a proposal. */
export type MyVote = {
  voter: string
  support: Support
  /** The ballot that was signed here, on whichever platform; undefined where the wallet voted by itself. */
  ballot: { id: string; state: BallotState; platform: string | undefined } | undefined
  block: string | undefined
}

/** The votes of all of a person's wallets: signed here and on their way, or counted by the chain, however they were cast. */
export async function votesOf(
  ctx: Pick<Context, 'db'>,
  { person, proposalId }: { person: Person; proposalId: string },
): Promise<MyVote[]> {
  const wallets = person.wallets.map(({ address }) => address)
  if (wallets.length === 0) return []
  const [ballots, counted] = await Promise.all([
    ctx.db
      .selectFrom('ballot')
      .select(['id', 'voter', 'support', 'state', 'platform', 'block_number'])
      .where('proposal_id', '=', proposalId)
      .where('voter', 'in', wallets)
      .where('state', 'in', ['accepted', 'batched', 'counted', 'final'])
      .orderBy('accepted_at', 'desc')
      .execute(),
    ctx.db
      .selectFrom('counted_vote')
      .select(['voter', 'support', 'block_number'])
      .where('proposal_id', '=', proposalId)
      .where('voter', 'in', wallets)
      .execute(),
  ])
  return wallets.flatMap((voter): MyVote[] => {
    const ballot = ballots.find((row) => row.voter === voter)
    const vote = counted.find((row) => row.voter === voter)
    const row = ballot ?? vote
    if (!row) return []
    return [
      {
        voter,
        // Both columns are written from this type, or from a log whose support a Governor has checked.
        support: row.support as Support,
        ballot: ballot && { id: ballot.id, state: ballot.state, platform: ballot.platform ?? undefined },
        block: row.block_number ?? undefined,
      },
    ]
  })
}
