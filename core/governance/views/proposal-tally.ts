import { towardsQuorum } from '../quorum.ts'
import type { ProposalRecord } from '../record.ts'
import { tally, type Block } from '../../view.ts'
import { amount } from '../../amount.ts'

/** Who has how much, and whether enough took part. */
export function tallyBlock({ proposal, token }: ProposalRecord): Block {
  const votes = {
    For: BigInt(proposal.in_favour),
    Against: BigInt(proposal.against),
    Abstain: BigInt(proposal.abstain),
  }
  const total = votes.For + votes.Against + votes.Abstain
  const rows = Object.entries(votes).map(([label, weight]) => ({
    label,
    share: total === 0n ? 0 : Number((weight * 10_000n) / total) / 10_000,
    value: amount(weight, token),
  }))
  return tally(rows, quorumWords(proposal, { taken: towardsQuorum(proposal), total, token }))
}

function quorumWords(
  { quorum, state }: ProposalRecord['proposal'],
  { taken, total, token }: { taken: bigint; total: bigint; token: ProposalRecord['token'] },
): string {
  const noVotes = total === 0n ? 'No votes so far. ' : ''
  if (quorum === null) return `${noVotes}The quorum is not known yet.`
  const needed = BigInt(quorum)
  const figures = `${amount(taken, token)} of ${amount(needed, token)}`
  if (taken >= needed) return `${noVotes}Quorum reached: ${amount(taken, token)}, needed are ${amount(needed, token)}.`
  const isOpen = state === 'pending' || state === 'active'
  return `${noVotes}Quorum ${isOpen ? 'not reached yet' : 'not reached'}: ${figures}.`
}
