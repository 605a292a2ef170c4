import {
  encodeFunctionData,
  parseAbi,
  parseSignature,
  slice,
  type Address,
  type Hex,
  type TransactionReceipt,
} from 'viem'
import { multicall } from '../../../contracts/generated.ts'
import type { Context } from '../../context.ts'
import type { DaoRow } from '../../db/tables/governance.ts'
import { ask } from '../../chain/ask.ts'
import { batchSingles, votesIn } from './signed-vote.ts'
import { proposalStates } from './standing.ts'
import type { RefusalCode } from '../../db/tables/ballots.ts'
import type { BallotTypedData, BallotWords, BatchCall, CastBallot, Outcome, Verdict } from './types.ts'

/**
 * Signed votes of the older form, OpenZeppelin 4 and Compound Bravo: they name no voter and carry no nonce. A contract
 * counts one for whoever its signature recovers to, once for a wallet, so a dry run has to look whose vote was counted.
 */
const abi = parseAbi([
  'function castVoteBySig(uint256 proposalId, uint8 support, uint8 v, bytes32 r, bytes32 s)',
  'function castVoteWithReasonAndParamsBySig(uint256 proposalId, uint8 support, string reason, bytes params, uint8 v, bytes32 r, bytes32 s)',
  'function state(uint256 proposalId) view returns (uint8)',
])

const plain = [
  { name: 'proposalId', type: 'uint256' },
  { name: 'support', type: 'uint8' },
]
const extended = [...plain, { name: 'reason', type: 'string' }, { name: 'params', type: 'bytes' }]

/** How a contract says whether, and with what weight, a wallet has voted. */
export type Booth = {
  /** A view whose first word says whether the voter of this ballot has voted. */
  seen(ballot: CastBallot): Hex
  /** From the answers to the vote and to that view. */
  weight(cast: Hex, seen: Hex): bigint
}

type Asked = { to: Address; ballots: readonly CastBallot[]; booth: Booth }

/** The short struct, or with a reason the extended one. A domain without version is Compound's. */
export function recoveredVote(params: {
  dao: Pick<DaoRow, 'address' | 'domain_name' | 'domain_version' | 'chain_id'>
  proposalId: string
  ballot: Pick<BallotWords, 'support' | 'reason'>
}): BallotTypedData {
  const { dao, proposalId, ballot } = params
  const { support, reason } = ballot
  const version = dao.domain_version
  const domain = {
    name: dao.domain_name,
    ...(version === '' ? {} : { version }),
    chainId: dao.chain_id,
    verifyingContract: dao.address as Address,
  }
  const domainType = [
    { name: 'name', type: 'string' },
    ...(version === '' ? [] : [{ name: 'version', type: 'string' }]),
    { name: 'chainId', type: 'uint256' },
    { name: 'verifyingContract', type: 'address' },
  ]
  const message = { proposalId, support }
  if (reason === '')
    return { domain, types: { EIP712Domain: domainType, Ballot: plain }, primaryType: 'Ballot', message }
  return {
    domain,
    types: { EIP712Domain: domainType, ExtendedBallot: extended },
    primaryType: 'ExtendedBallot',
    message: { ...message, reason, params: '0x' },
  }
}

/** A reason goes along or the call fails: it is never left out. */
export function castRecovered({ proposalId, support, reason, signature }: CastBallot): Hex {
  const { r, s, yParity } = parseSignature(signature)
  const v = 27 + yParity
  return reason === ''
    ? encodeFunctionData({ abi, functionName: 'castVoteBySig', args: [proposalId, support, v, r, s] })
    : encodeFunctionData({
        abi,
        functionName: 'castVoteWithReasonAndParamsBySig',
        args: [proposalId, support, reason, '0x', v, r, s],
      })
}

export const batchRecovered = (params: {
  to: Address
  multicall: Address
  ballots: readonly CastBallot[]
}): BatchCall[] =>
  batchSingles({ ...params, singles: params.ballots.map((ballot) => ({ ballot, data: castRecovered(ballot) })) })

/** Each vote, then whether its wallet has voted, then whether votes are taken: all in one `eth_call`. */
export async function simulateRecovered(ctx: Pick<Context, 'chain'>, asked: Asked): Promise<Verdict[]> {
  const { to, ballots, booth } = asked
  const byKey = ballots.filter(({ signer }) => signer === 'key')
  const byContract = ballots.filter(({ signer }) => signer === 'contract')
  const refused = byContract.map(({ id }): Verdict => ({ id, refusal: 'contract-wallet' }))
  if (byKey.length === 0) return refused
  const calls = byKey.flatMap((ballot) => [castRecovered(ballot), booth.seen(ballot), stateCall(ballot)])
  const { result } = await ask(() =>
    ctx.chain.client.simulateContract({
      address: ctx.chain.addresses.multicall,
      abi: multicall.abi,
      functionName: 'tryAll',
      args: [to, calls],
    }),
  )
  const [ok, results] = result
  const verdicts = byKey.map(({ id }, index): Verdict => {
    const at = index * 3
    const [cast, seen, state] = [results[at] ?? '0x', results[at + 1] ?? '0x', results[at + 2] ?? '0x']
    const hasVoted = ok[at + 1] === true && wordIn(seen, 0) === 1n
    if (ok[at]) return { id, refusal: countedRefusal({ hasVoted, weight: hasVoted ? booth.weight(cast, seen) : 0n }) }
    if (hasVoted) return { id, refusal: 'voted' }
    const isOpen = ok[at + 2] === true && proposalStates[Number(wordIn(state, 0))] === 'active'
    return { id, refusal: isOpen ? 'unknown' : 'closed' }
  })
  return [...verdicts, ...refused]
}

/** A vote that went through, but not for this wallet, was signed by somebody else. */
function countedRefusal({ hasVoted, weight }: { hasVoted: boolean; weight: bigint }): RefusalCode | undefined {
  if (!hasVoted) return 'signature'
  return weight === 0n ? 'no-weight' : undefined
}

export async function outcomeOfRecovered(
  ctx: Pick<Context, 'chain'>,
  params: Asked & { receipt: Pick<TransactionReceipt, 'logs'> | undefined },
): Promise<Outcome[]> {
  const { ballots } = params
  const here = votesIn(params)
  const verdicts = await simulateRecovered(ctx, { ...params, ballots: ballots.filter(({ id }) => !here.has(id)) })
  return ballots.map(({ id }): Outcome => {
    if (here.has(id)) return { id, status: 'counted', here: true }
    const refusal = verdicts.find((verdict) => verdict.id === id)?.refusal
    if (!refusal) return { id, status: 'again' }
    // Neither voter nor nonce is in the ballot, so the state does not tell which of the wallet's choices it was.
    return refusal === 'voted' ? { id, status: 'voted' } : { id, status: 'refused', code: refusal }
  })
}

/** The word at this place of an answer; one that is too short says nothing. */
export const wordIn = (data: Hex, index: number): bigint =>
  data.length < 2 + 64 * (index + 1) ? 0n : BigInt(slice(data, 32 * index, 32 * (index + 1)))

const stateCall = ({ proposalId }: CastBallot): Hex =>
  encodeFunctionData({ abi, functionName: 'state', args: [proposalId] })
