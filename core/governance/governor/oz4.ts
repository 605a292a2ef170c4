import { encodeFunctionData, keccak256, parseAbi, stringToHex, type Address } from 'viem'
import { ask, isRevert } from '../../chain/ask.ts'
import {
  batchRecovered,
  castRecovered,
  outcomeOfRecovered,
  recoveredVote,
  simulateRecovered,
  wordIn,
  type Booth,
} from './recovered-vote.ts'
import { commonStanding } from './standing.ts'
import type { Governor } from './types.ts'

const abi = parseAbi([
  'function hasVoted(uint256 proposalId, address account) view returns (bool)',
  'function EXTENDED_BALLOT_TYPEHASH() view returns (bytes32)',
])
const extendedBallot = keccak256(
  stringToHex('ExtendedBallot(uint256 proposalId,uint8 support,string reason,bytes params)'),
)

const booth: Booth = {
  seen: ({ proposalId, voter }) => encodeFunctionData({ abi, functionName: 'hasVoted', args: [proposalId, voter] }),
  weight: (cast) => wordIn(cast, 0),
}

/** An OpenZeppelin Governor 4: one signed ballot of a wallet for a proposal, from 4.7 on with a reason. */
export const oz4Governor: Governor = {
  async standing(ctx, params) {
    const [common, takesReason] = await Promise.all([
      commonStanding(ctx, params),
      signsReasons(ctx, params.dao.address as Address),
    ])
    return { ...common, mayChange: false, form: 'sig', seat: null, nonce: 0n, takesReason }
  },

  typedData: ({ dao, proposal, ballot }) => recoveredVote({ dao, proposalId: proposal.onchain_id, ballot }),

  encodeBatch: ({ dao, multicall, ballots }) => batchRecovered({ to: dao.address as Address, multicall, ballots }),

  encodeAlone: ({ dao, ballot }) => ({ to: dao.address as Address, data: castRecovered(ballot) }),

  simulate: (ctx, { dao, ballots }) => simulateRecovered(ctx, { to: dao.address as Address, ballots, booth }),

  outcome: (ctx, { dao, ballots, receipt }) =>
    outcomeOfRecovered(ctx, { to: dao.address as Address, ballots, receipt, booth }),
}

/** By the contract's own word: before 4.7 there was no signed vote with a reason. */
async function signsReasons(ctx: Parameters<Governor['standing']>[0], address: Address): Promise<boolean> {
  try {
    const contract = { abi, address } as const
    const said = await ask(() =>
      ctx.chain.client.readContract({ ...contract, functionName: 'EXTENDED_BALLOT_TYPEHASH' }),
    )
    return said === extendedBallot
  } catch (error) {
    if (isRevert(error)) return false
    throw error
  }
}
