import type { Said } from '../ai/types.ts'
import type { Context } from '../context.ts'
import type { Proposal } from './proposal.ts'

const most = 500
const longest = 2_000

/**
 * Reasons that voters gave on the chain, with the side they took. A voter is named by the address alone: whose it is in a
 * chat is not for others to learn. `page` is the proposal's page, which shows each reason.
 */
export async function readReasons(
  ctx: Pick<Context, 'db'>,
  { proposal, page }: { proposal: Pick<Proposal, 'id'> & { dao: Pick<Proposal['dao'], 'chain_id'> }; page: string },
): Promise<Said[]> {
  const rows = await ctx.db
    .selectFrom('counted_vote as vote')
    .leftJoin('block', (join) =>
      join.onRef('block.hash', '=', 'vote.block_hash').on('block.chain_id', '=', proposal.dao.chain_id),
    )
    .select(['vote.voter', 'vote.support', 'vote.reason', 'vote.weight', 'block.time'])
    .where('vote.proposal_id', '=', proposal.id)
    .where('vote.reason', '<>', '')
    .orderBy('vote.weight', 'desc')
    .orderBy('vote.voter')
    .limit(most)
    .execute()
  return rows.map(({ voter, support, reason, time }) => ({
    author: `${voter.slice(0, 6)}…${voter.slice(-4)}`,
    at: Number(time ?? 0) * 1_000,
    text: reason.slice(0, longest).toWellFormed(),
    url: `${page}#vote-${voter}`,
    ...(support === 1 ? { stance: 'for' as const } : support === 0 ? { stance: 'against' as const } : {}),
  }))
}
