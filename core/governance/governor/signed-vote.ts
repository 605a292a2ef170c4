import {
  decodeErrorResult,
  encodeFunctionData,
  parseEventLogs,
  stringToHex,
  type Address,
  type Hex,
  type TransactionReceipt,
} from 'viem'
import { autoDao, multicall } from '../../../contracts/generated.ts'
import type { Context } from '../../context.ts'
import type { DaoRow } from '../../db/tables/governance.ts'
import { ask } from '../../chain/ask.ts'
import type { RefusalCode } from '../../db/tables/ballots.ts'
import {
  maxCallGas,
  type BallotTypedData,
  type BallotWords,
  type BatchCall,
  type CastBallot,
  type Verdict,
} from './types.ts'

/** What the batcher keeps for itself, and the most it lets one call use. */
const batcherGas = 550_000n
const keyGas = 160_000n
const contractGas = 425_000n
const byteGas = 64n

const domainType = [
  { name: 'name', type: 'string' },
  { name: 'version', type: 'string' },
  { name: 'chainId', type: 'uint256' },
  { name: 'verifyingContract', type: 'address' },
]
const plain = [
  { name: 'proposalId', type: 'uint256' },
  { name: 'support', type: 'uint8' },
  { name: 'voter', type: 'address' },
  { name: 'nonce', type: 'uint256' },
]
const extended = [...plain, { name: 'reason', type: 'string' }, { name: 'params', type: 'bytes' }]

export function domainOf(
  dao: Pick<DaoRow, 'address' | 'domain_name' | 'domain_version' | 'chain_id'>,
): Pick<BallotTypedData, 'domain'> & { domainType: typeof domainType } {
  const domain = {
    name: dao.domain_name,
    version: dao.domain_version,
    chainId: dao.chain_id,
    verifyingContract: dao.address as Address,
  }
  return { domain, domainType }
}

/** The struct of OpenZeppelin's Governor 5: the short one, or with a reason the extended one. */
export function signedVote(params: {
  dao: Parameters<typeof domainOf>[0]
  proposalId: string
  ballot: BallotWords
}): BallotTypedData {
  const { voter, support, reason, nonce } = params.ballot
  const { domain } = domainOf(params.dao)
  const message = { proposalId: params.proposalId, support, voter, nonce: nonce.toString() }
  if (reason === '')
    return { domain, types: { EIP712Domain: domainType, Ballot: plain }, primaryType: 'Ballot', message }
  return {
    domain,
    types: { EIP712Domain: domainType, ExtendedBallot: extended },
    primaryType: 'ExtendedBallot',
    message: { ...message, reason, params: '0x' },
  }
}

export function castBySig({ proposalId, support, voter, reason, signature }: CastBallot): Hex {
  const { abi } = autoDao
  return reason === ''
    ? encodeFunctionData({ abi, functionName: 'castVoteBySig', args: [proposalId, support, voter, signature] })
    : encodeFunctionData({
        abi,
        functionName: 'castVoteWithReasonAndParamsBySig',
        args: [proposalId, support, voter, reason, '0x', signature],
      })
}

type Single = { ballot: CastBallot; data: Hex }

/** Calls that each stand for themselves, as many in a transaction as its gas allows. */
export function batchSingles(params: { to: Address; multicall: Address; singles: readonly Single[] }): BatchCall[] {
  const batches: { gas: bigint; singles: Single[] }[] = []
  for (const single of params.singles) {
    const gas = singleGas(single)
    const last = batches.at(-1)
    if (last && last.gas + gas <= maxCallGas) {
      last.gas += gas
      last.singles.push(single)
    } else batches.push({ gas: batcherGas + gas, singles: [single] })
  }
  return batches.map(({ gas, singles }) => ({
    to: params.multicall,
    data: encodeTryAll(params.to, singles),
    gas,
    ids: singles.map(({ ballot }) => ballot.id),
  }))
}

/** Each call for itself in one `eth_call`; what the contract would say is in the results. */
export async function simulateSingles(
  ctx: Pick<Context, 'chain'>,
  params: { to: Address; singles: readonly Single[] },
): Promise<Verdict[]> {
  if (params.singles.length === 0) return []
  const { result } = await ask(() =>
    ctx.chain.client.simulateContract({
      address: ctx.chain.addresses.multicall,
      abi: multicall.abi,
      functionName: 'tryAll',
      args: [params.to, params.singles.map((single) => single.data)],
    }),
  )
  const [ok, results] = result
  return params.singles.map(({ ballot }, index) => {
    const data = results[index] ?? '0x'
    if (!ok[index]) return { id: ballot.id, refusal: refusalOf(data, ballot) }
    // The governor's own functions answer with the weight they counted.
    return { id: ballot.id, refusal: data !== '0x' && BigInt(data) === 0n ? 'no-weight' : undefined }
  })
}

/** Ballots whose vote the governor logged in this transaction. */
export function votesIn(params: {
  to: Address
  ballots: readonly CastBallot[]
  receipt: Pick<TransactionReceipt, 'logs'> | undefined
}): Set<Hex> {
  const logs = (params.receipt?.logs ?? []).filter((log) => log.address.toLowerCase() === params.to.toLowerCase())
  const votes = parseEventLogs({ abi: autoDao.abi, eventName: ['VoteCast', 'VoteCastWithParams'], logs })
  const cast = new Set(votes.map(({ args }) => `${args.voter.toLowerCase()}/${args.proposalId}/${args.support}`))
  return new Set(
    params.ballots.flatMap((ballot) =>
      cast.has(`${ballot.voter.toLowerCase()}/${ballot.proposalId}/${ballot.support}`) ? [ballot.id] : [],
    ),
  )
}

/** The reasons of `BallotRefused` and of `check`, by number. */
export const refusalByNumber = (reason: number): RefusalCode | undefined =>
  reason === 0
    ? undefined
    : ((['stale', 'no-seat', 'signature', 'no-weight', 'auto-id'] as const)[reason - 1] ?? 'unknown')

function refusalOf(data: Hex, ballot: CastBallot): RefusalCode {
  // Nothing comes back when a contract wallet burnt all the gas it was given.
  if (data === '0x') return ballot.signer === 'contract' ? 'signature' : 'unknown'
  const error = decode(data)
  switch (error?.errorName) {
    case 'GovernorUnexpectedProposalState':
    case 'GovernorNonexistentProposal':
      return 'closed'
    case 'GovernorAlreadyCastVote':
      return 'voted'
    case 'GovernorInvalidSignature':
      return 'signature'
    case 'InvalidAccountNonce':
      return 'stale'
    case 'BallotRefused':
      return refusalByNumber(error.args[0]) ?? 'unknown'
    default:
      return 'unknown'
  }
}

function decode(data: Hex) {
  try {
    return decodeErrorResult({ abi: autoDao.abi, data })
  } catch {
    return undefined
  }
}

function singleGas({ ballot, data }: Single): bigint {
  const bytes = BigInt(data.length / 2 + stringToHex(ballot.reason).length / 2)
  return (ballot.signer === 'contract' ? contractGas : keyGas) + bytes * byteGas
}

const encodeTryAll = (to: Address, singles: readonly Single[]): Hex =>
  encodeFunctionData({
    abi: multicall.abi,
    functionName: 'tryAll',
    args: [to, singles.map((single) => single.data)],
  })
