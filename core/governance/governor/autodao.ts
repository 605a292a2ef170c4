import { concat, encodeFunctionData, keccak256, numberToHex, stringToHex, zeroHash, type Address, type Hex } from 'viem'
import { autoDao } from '../../../contracts/generated.ts'
import { ask, isRevert } from '../../chain/ask.ts'
import type { Support } from '../../voting/support.ts'
import {
  batchSingles,
  castBySig,
  domainOf,
  refusalByNumber,
  signedVote,
  simulateSingles,
  votesIn,
} from './signed-vote.ts'
import { commonStanding } from './standing.ts'
import { titleOf } from './title.ts'
import { maxCallGas, type BatchCall, type CastBallot, type Governor, type Outcome, type Verdict } from './types.ts'

const { abi } = autoDao
type Chained = Parameters<Governor['standing']>[0]

const words: Record<Support, string> = { 0: 'Against', 1: 'For', 2: 'Abstain' }
const ballotType = [
  { name: 'proposalId', type: 'uint256' },
  { name: 'proposal', type: 'string' },
  { name: 'choice', type: 'string' },
  { name: 'seat', type: 'uint32' },
  { name: 'sequence', type: 'uint8' },
  { name: 'reason', type: 'bytes32' },
]

/** With eight checkpoints and a cold status word; the bench measures 17 to 22 thousand in a batch. */
const seatGas = 45_000n
const batchGas = 150_000n
const closed = 15n

/**
 * Our own DAO: whoever had a seat at the snapshot votes by a packed record, the others by the governor's own signed vote,
 * whose nonces are kept apart by proposal.
 */
export const autoDaoGovernor: Governor = {
  async standing(ctx, params) {
    const { client } = ctx.chain
    const contract = { abi, address: params.dao.address as Address } as const
    const { voter, proposalId } = params
    const [common, [seat, since], nonce, changeOfMind] = await Promise.all([
      commonStanding(ctx, params),
      ask(() => client.readContract({ ...contract, functionName: 'seatOf', args: [voter] })),
      ask(() =>
        client.readContract({ ...contract, functionName: 'nonces', args: [voter, BigInt.asUintN(192, proposalId)] }),
      ),
      ask(() => client.readContract({ ...contract, functionName: 'changeOfMind' })),
    ])
    if (seat === 0 || BigInt(since) > common.snapshot)
      return { ...common, mayChange: false, form: 'sig', seat: null, nonce, takesReason: true }
    const mark = await markOf(ctx, { to: contract.address, proposalId, seat })
    const sequence = mark >> 4n
    const mayChange = changeOfMind && sequence < closed - 1n
    return { ...common, mayChange, form: 'seat', seat, nonce: sequence + 1n, takesReason: true }
  },

  typedData({ dao, proposal, ballot }) {
    if (ballot.form === 'sig') return signedVote({ dao, proposalId: proposal.onchain_id, ballot })
    const { domain, domainType } = domainOf(dao)
    return {
      domain,
      types: { EIP712Domain: domainType, Ballot: ballotType },
      primaryType: 'Ballot',
      message: {
        proposalId: proposal.onchain_id,
        proposal: titleOf(proposal.description),
        choice: words[ballot.support],
        seat: ballot.seat ?? 0,
        sequence: Number(ballot.nonce),
        reason: reasonHash(ballot.reason),
      },
    }
  },

  encodeBatch({ dao, multicall, ballots }) {
    const to = dao.address as Address
    const { packed, single } = split(ballots)
    return [
      ...byProposal(packed).flatMap((group) => packedCalls(to, group)),
      ...batchSingles({ to, multicall, singles: single.map(singleOf) }),
    ]
  },

  encodeAlone({ dao, ballot }) {
    const to = dao.address as Address
    return isPacked(ballot)
      ? { to, data: encodePacked(ballot.proposalId, [ballot]) }
      : { to, data: singleOf(ballot).data }
  },

  async simulate(ctx, { dao, ballots }) {
    const to = dao.address as Address
    const { packed, single } = split(ballots)
    const verdicts = await Promise.all([
      ...byProposal(packed).map((group) => check(ctx, to, group)),
      simulateSingles(ctx, { to, singles: single.map(singleOf) }),
    ])
    return verdicts.flat()
  },

  async outcome(ctx, { dao, ballots, receipt }) {
    const to = dao.address as Address
    const here = votesIn({ to, ballots, receipt })
    const verdicts = await autoDaoGovernor.simulate(ctx, { dao, ballots })
    return Promise.all(
      ballots.map(async (ballot): Promise<Outcome> => {
        const { id } = ballot
        const counted = await standsAs(ctx, to, ballot)
        if (counted === 'counted') return { id, status: counted, here: here.has(id) }
        if (counted) return { id, status: counted }
        const refusal = verdicts.find((verdict) => verdict.id === id)?.refusal
        return refusal ? { id, status: 'refused', code: refusal } : { id, status: 'again' }
      }),
    )
  },
}

/** What the contract holds for the voter of this ballot; undefined when nothing was counted yet that is as new. */
async function standsAs(
  ctx: Chained,
  to: Address,
  ballot: CastBallot,
): Promise<'counted' | 'superseded' | 'voted_elsewhere' | undefined> {
  const { client } = ctx.chain
  const { proposalId, voter } = ballot
  if (ballot.form === 'seat') {
    const mark = await markOf(ctx, { to, proposalId, seat: ballot.seat ?? 0 })
    if (mark === BigInt(markOfBallot(ballot))) return 'counted'
    const sequence = mark >> 4n
    if (sequence === closed) return 'voted_elsewhere'
    return sequence >= ballot.nonce ? 'superseded' : undefined
  }
  const [hasVoted, nonce] = await ask(() =>
    Promise.all([
      client.readContract({ abi, address: to, functionName: 'hasVoted', args: [proposalId, voter] }),
      client.readContract({
        abi,
        address: to,
        functionName: 'nonces',
        args: [voter, BigInt.asUintN(192, proposalId)],
      }),
    ]),
  )
  if (!hasVoted) return undefined
  // A used nonce means that a signature was counted; a vote of the wallet itself uses none.
  return nonce > ballot.nonce ? 'counted' : 'voted_elsewhere'
}

/** One byte a ballot; the whole call reverts only when the proposal takes no votes. */
async function check(ctx: Chained, to: Address, ballots: readonly CastBallot[]): Promise<Verdict[]> {
  const proposalId = ballots[0]?.proposalId ?? 0n
  try {
    const reasons = await ask(() =>
      ctx.chain.client.readContract({
        abi,
        address: to,
        functionName: 'check',
        args: [proposalId, concat(ballots.map(record))],
      }),
    )
    const bytes = Buffer.from(reasons.slice(2), 'hex')
    return ballots.map(({ id }, index) => ({ id, refusal: refusalByNumber(bytes[index] ?? 1) }))
  } catch (error) {
    if (!isRevert(error)) throw error
    return ballots.map(({ id }) => ({ id, refusal: 'closed' }))
  }
}

const isPacked = (ballot: CastBallot): boolean => ballot.form === 'seat' && ballot.signer === 'key'

function split(ballots: readonly CastBallot[]): { packed: CastBallot[]; single: CastBallot[] } {
  return { packed: ballots.filter(isPacked), single: ballots.filter((ballot) => !isPacked(ballot)) }
}

/** Sorted by seat, because neighbours share a status word; an older ballot of a seat before a newer one. */
function byProposal(ballots: readonly CastBallot[]): CastBallot[][] {
  const groups = Map.groupBy(ballots, (ballot) => ballot.proposalId)
  return [...groups.values()].map((group) =>
    group.toSorted((a, b) => (a.seat ?? 0) - (b.seat ?? 0) || Number(a.nonce - b.nonce)),
  )
}

function packedCalls(to: Address, ballots: readonly CastBallot[]): BatchCall[] {
  const most = Number((maxCallGas - batchGas) / seatGas)
  const calls: BatchCall[] = []
  for (let from = 0; from < ballots.length; from += most) {
    const part = ballots.slice(from, from + most)
    calls.push({
      to,
      data: encodePacked(part[0]?.proposalId ?? 0n, part),
      gas: batchGas + seatGas * BigInt(part.length),
      ids: part.map((ballot) => ballot.id),
    })
  }
  return calls
}

const encodePacked = (proposalId: bigint, ballots: readonly CastBallot[]): Hex =>
  encodeFunctionData({ abi, functionName: 'castBallots', args: [proposalId, concat(ballots.map(record))] })

function singleOf(ballot: CastBallot): { ballot: CastBallot; data: Hex } {
  if (ballot.form === 'sig') return { ballot, data: castBySig(ballot) }
  const { proposalId, seat, reason, voter, signature } = ballot
  const args = [proposalId, seat ?? 0, markOfBallot(ballot), reasonHash(reason), voter, signature] as const
  return { ballot, data: encodeFunctionData({ abi, functionName: 'castBallot', args }) }
}

/** 69 bytes, or 101 with the hash of a reason; the signature in its short form (EIP-2098). */
function record(ballot: CastBallot): Hex {
  const hasReason = ballot.reason !== ''
  const r = ballot.signature.slice(2, 66)
  const isOdd = ballot.signature.endsWith('1c')
  const s = BigInt(`0x${ballot.signature.slice(66, 130)}`) | (isOdd ? 1n << 255n : 0n)
  return concat([
    numberToHex(((ballot.seat ?? 0) | (hasReason ? 0x8000_0000 : 0)) >>> 0, { size: 4 }),
    numberToHex(markOfBallot(ballot), { size: 1 }),
    `0x${r}`,
    numberToHex(s, { size: 32 }),
    ...(hasReason ? [reasonHash(ballot.reason)] : []),
  ])
}

const markOfBallot = ({ nonce, support }: CastBallot): number => (Number(nonce) << 4) | (support + 1)

const reasonHash = (reason: string): Hex => (reason === '' ? zeroHash : keccak256(stringToHex(reason)))

const markOf = (ctx: Chained, params: { to: Address; proposalId: bigint; seat: number }): Promise<bigint> =>
  ask(() =>
    ctx.chain.client.readContract({
      abi,
      address: params.to,
      functionName: 'markOf',
      args: [params.proposalId, BigInt(params.seat)],
    }),
  )
