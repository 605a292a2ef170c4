import { decodeFunctionData, isAddressEqual, parseAbi, toHex, zeroHash, type Address, type Hex } from 'viem'
import { governorAbi } from './chain.ts'
import type { RawTransaction } from './evidence.ts'

/** A ballot from a seat. Packed ones carry r and vs; the one of a smart account names who answers for it. */
export type SeatBallot = {
  seat: number
  mark: number
  reason: Hex
  signer: Address | undefined
  /** 64 bytes (EIP-2098) when packed, else whatever the signer takes. */
  signature: Hex
}
/** A vote by the governor's own functions: signed, or by the wallet that sent the transaction. */
export type PlainVote = {
  support: number
  signed?: { voter: Address; text: { reason: string; params: Hex } | undefined; signature: Hex }
}

export type Calls = {
  ballots: SeatBallot[]
  votes: PlainVote[]
  /** Whether each call stands for itself, so that one of them may have come to nothing. */
  mayFail: boolean
  /** It went to a contract that I cannot look into, such as a smart account. */
  isOpaque: boolean
}

const batcherAbi = parseAbi([
  'struct Call3 { address target; bool allowFailure; bytes callData; }',
  'function tryAll(address target, bytes[] calls)',
  'function aggregate3(Call3[] calls)',
])

/** What a transaction asked of the governor about this proposal, read from its calldata. */
export function callsOf(tx: RawTransaction, params: { governor: Address; proposalId: bigint }): Calls {
  const found: Calls = { ballots: [], votes: [], mayFail: false, isOpaque: false }
  if (tx.to && isAddressEqual(tx.to, params.governor)) {
    add(found, tx.input, params.proposalId)
    return found
  }
  const inner = unwrap(tx.input)
  if (!inner) return { ...found, isOpaque: true }
  for (const { target, data } of inner) if (isAddressEqual(target, params.governor)) add(found, data, params.proposalId)
  return { ...found, mayFail: true }
}

function unwrap(input: Hex): { target: Address; data: Hex }[] | undefined {
  try {
    const { functionName, args } = decodeFunctionData({ abi: batcherAbi, data: input })
    if (functionName === 'tryAll') return args[1].map((data) => ({ target: args[0], data }))
    return args[0].map(({ target, callData }) => ({ target, data: callData }))
  } catch {
    return undefined
  }
}

function add(found: Calls, input: Hex, proposalId: bigint): void {
  const call = decode(input)
  if (!call || call.args?.[0] !== proposalId) return
  switch (call.functionName) {
    case 'castBallots':
      found.ballots.push(...unpack(call.args[1]))
      break
    case 'castBallot': {
      const [, seat, mark, reason, signer, signature] = call.args
      found.ballots.push({ seat, mark, reason, signer, signature })
      break
    }
    case 'castVote':
    case 'castVoteWithReason':
    case 'castVoteWithReasonAndParams':
      found.votes.push({ support: call.args[1] })
      break
    case 'castVoteBySig': {
      const [, support, voter, signature] = call.args
      found.votes.push({ support, signed: { voter, text: undefined, signature } })
      break
    }
    case 'castVoteWithReasonAndParamsBySig': {
      const [, support, voter, reason, callParams, signature] = call.args
      found.votes.push({ support, signed: { voter, text: { reason, params: callParams }, signature } })
      break
    }
    default:
  }
}

function decode(data: Hex) {
  try {
    return decodeFunctionData({ abi: governorAbi, data })
  } catch {
    return undefined
  }
}

/** Records of 69 bytes, or 101 with the hash of a reason; one cut off by the end is no ballot. */
function unpack(packed: Hex): SeatBallot[] {
  const bytes = Buffer.from(packed.slice(2), 'hex')
  const ballots: SeatBallot[] = []
  for (let at = 0; at + 69 <= bytes.length;) {
    const head = bytes.readUInt32BE(at)
    const hasReason = head >>> 31 === 1
    const end = at + (hasReason ? 101 : 69)
    if (end > bytes.length) break
    ballots.push({
      seat: head & 0x7fff_ffff,
      mark: bytes.readUInt8(at + 4),
      signer: undefined,
      signature: toHex(bytes.subarray(at + 5, at + 69)),
      reason: hasReason ? toHex(bytes.subarray(at + 69, end)) : zeroHash,
    })
    at = end
  }
  return ballots
}
