import { encodeFunctionData, parseAbi, type Address } from 'viem'
import { governorClock } from '../weight.ts'
import {
  batchRecovered,
  castRecovered,
  outcomeOfRecovered,
  recoveredVote,
  simulateRecovered,
  wordIn,
  type Booth,
} from './recovered-vote.ts'
import { askOfProposal, proposalStates, weightOf } from './standing.ts'
import type { Governor } from './types.ts'

export const bravoAbi = parseAbi([
  'function state(uint256 proposalId) view returns (uint8)',
  'function proposals(uint256 proposalId) view returns (uint256 id, address proposer, uint256 eta, uint256 startBlock, uint256 endBlock, uint256 forVotes, uint256 againstVotes, uint256 abstainVotes, bool canceled, bool executed)',
  'function getReceipt(uint256 proposalId, address voter) view returns (bool hasVoted, uint8 support, uint96 votes)',
  'function quorumVotes() view returns (uint256)',
])

const booth: Booth = {
  seen: ({ proposalId, voter }) =>
    encodeFunctionData({ abi: bravoAbi, functionName: 'getReceipt', args: [proposalId, voter] }),
  weight: (_cast, receipt) => wordIn(receipt, 2),
}

/** Compound's Governor Bravo: weight by the token's `getPriorVotes`, a domain without version, signed votes without reason. */
export const bravoGovernor: Governor = {
  async standing(ctx, { dao, proposalId, voter }) {
    const { client } = ctx.chain
    const contract = { abi: bravoAbi, address: dao.address as Address } as const
    const [[state, proposal, [hasVoted]], clock] = await Promise.all([
      askOfProposal(() =>
        Promise.all([
          client.readContract({ ...contract, functionName: 'state', args: [proposalId] }),
          client.readContract({ ...contract, functionName: 'proposals', args: [proposalId] }),
          client.readContract({ ...contract, functionName: 'getReceipt', args: [proposalId, voter] }),
        ]),
      ),
      governorClock(ctx, dao),
    ])
    const [, , , snapshot, deadline] = proposal
    return {
      state: proposalStates[state] ?? 'pending',
      clock,
      snapshot,
      deadline,
      ...(await weightOf(ctx, { dao, voter, clock, snapshot })),
      hasVoted,
      mayChange: false,
      form: 'sig',
      seat: null,
      nonce: 0n,
      takesReason: false,
    }
  },

  typedData: ({ dao, proposal, ballot }) => recoveredVote({ dao, proposalId: proposal.onchain_id, ballot }),

  encodeBatch: ({ dao, multicall, ballots }) => batchRecovered({ to: dao.address as Address, multicall, ballots }),

  encodeAlone: ({ dao, ballot }) => ({ to: dao.address as Address, data: castRecovered(ballot) }),

  simulate: (ctx, { dao, ballots }) => simulateRecovered(ctx, { to: dao.address as Address, ballots, booth }),

  outcome: (ctx, { dao, ballots, receipt }) =>
    outcomeOfRecovered(ctx, { to: dao.address as Address, ballots, receipt, booth }),
}
