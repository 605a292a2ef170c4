import type { Address } from 'viem'
import { ozGovernor } from '../../../contracts/generated.ts'
import { ask } from '../../chain/ask.ts'
import { batchSingles, castBySig, signedVote, simulateSingles, votesIn } from './signed-vote.ts'
import { commonStanding } from './standing.ts'
import type { CastBallot, Governor, Outcome } from './types.ts'

/** A plain OpenZeppelin Governor 5: each ballot takes the voter's next nonce, whatever the proposal. */
export const oz5Governor: Governor = {
  async standing(ctx, params) {
    const [common, nonce] = await Promise.all([
      commonStanding(ctx, params),
      nonceOf(ctx, { to: params.dao.address as Address, voter: params.voter }),
    ])
    return { ...common, mayChange: false, form: 'sig', seat: null, nonce, takesReason: true }
  },

  typedData: ({ dao, proposal, ballot }) => signedVote({ dao, proposalId: proposal.onchain_id, ballot }),

  encodeBatch: ({ dao, multicall, ballots }) =>
    batchSingles({ to: dao.address as Address, multicall, singles: ballots.map(single) }),

  encodeAlone: ({ dao, ballot }) => ({ to: dao.address as Address, data: castBySig(ballot) }),

  simulate: (ctx, { dao, ballots }) =>
    simulateSingles(ctx, { to: dao.address as Address, singles: ballots.map(single) }),

  async outcome(ctx, { dao, ballots, receipt }) {
    const to = dao.address as Address
    const here = votesIn({ to, ballots, receipt })
    const open = ballots.filter((ballot) => !here.has(ballot.id))
    const verdicts = await oz5Governor.simulate(ctx, { dao, ballots: open })
    return Promise.all(
      ballots.map(async (ballot): Promise<Outcome> => {
        const { id, voter } = ballot
        if (here.has(id)) return { id, status: 'counted', here: true }
        const refusal = verdicts.find((verdict) => verdict.id === id)?.refusal
        if (!refusal) return { id, status: 'again' }
        const hasVoted = await ask(() =>
          ctx.chain.client.readContract({
            abi: ozGovernor.abi,
            address: to,
            functionName: 'hasVoted',
            args: [ballot.proposalId, voter],
          }),
        )
        if (!hasVoted) return { id, status: 'refused', code: refusal }
        // A used nonce means that a signature was counted; a vote of the wallet itself uses none.
        const isUsed = (await nonceOf(ctx, { to, voter })) > ballot.nonce
        return isUsed ? { id, status: 'counted', here: false } : { id, status: 'voted_elsewhere' }
      }),
    )
  },
}

const single = (ballot: CastBallot) => ({ ballot, data: castBySig(ballot) })

const nonceOf = (ctx: Parameters<Governor['standing']>[0], params: { to: Address; voter: Address }): Promise<bigint> =>
  ask(() =>
    ctx.chain.client.readContract({
      abi: ozGovernor.abi,
      address: params.to,
      functionName: 'nonces',
      args: [params.voter],
    }),
  )
