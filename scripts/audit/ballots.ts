import {
  decodeFunctionData,
  hashTypedData,
  keccak256,
  recoverAddress,
  serializeSignature,
  toHex,
  zeroHash,
  type Address,
  type Hex,
} from 'viem'
import { governorAbi } from './chain.ts'

/** One record of a `castBallots` call, read from its calldata: nothing here comes from AutoCo's own code. */
export type Ballot = {
  seat: number
  mark: number
  sequence: number
  choice: number
  reason: Hex
  r: Hex
  yParityAndS: Hex
}

export type Domain = { name: string; version: string; chainId: number; verifyingContract: Address }

const ballotTypes = {
  Ballot: [
    { name: 'proposalId', type: 'uint256' },
    { name: 'proposal', type: 'string' },
    { name: 'choice', type: 'string' },
    { name: 'seat', type: 'uint32' },
    { name: 'sequence', type: 'uint8' },
    { name: 'reason', type: 'bytes32' },
  ],
} as const

const choiceWords = ['', 'Against', 'For', 'Abstain'] as const

/** The ballots of a transaction; undefined when it is not a plain `castBallots` call. */
export function ballotsOf(input: Hex): { proposalId: bigint; ballots: Ballot[] } | undefined {
  try {
    const { functionName, args } = decodeFunctionData({ abi: governorAbi, data: input })
    if (functionName !== 'castBallots') return undefined
    return { proposalId: args[0], ballots: unpack(args[1]) }
  } catch {
    return undefined
  }
}

function unpack(packed: Hex): Ballot[] {
  const bytes = Buffer.from(packed.slice(2), 'hex')
  const ballots: Ballot[] = []
  for (let at = 0; at < bytes.length;) {
    const head = bytes.readUInt32BE(at)
    const mark = bytes.readUInt8(at + 4)
    const hasReason = head >>> 31 === 1
    ballots.push({
      seat: head & 0x7fffffff,
      mark,
      sequence: mark >> 4,
      choice: mark & 15,
      r: toHex(bytes.subarray(at + 5, at + 37)),
      yParityAndS: toHex(bytes.subarray(at + 37, at + 69)),
      reason: hasReason ? toHex(bytes.subarray(at + 69, at + 101)) : zeroHash,
    })
    at += hasReason ? 101 : 69
  }
  return ballots
}

/** Who signed a ballot; undefined when nobody did. */
export async function signerOf(
  ballot: Ballot,
  params: { domain: Domain; proposalId: bigint; title: string },
): Promise<Address | undefined> {
  const choice = choiceWords[ballot.choice]
  if (!choice) return undefined
  const word = BigInt(ballot.yParityAndS)
  const signature = serializeSignature({
    r: ballot.r,
    s: toHex(word & ((1n << 255n) - 1n), { size: 32 }),
    yParity: Number(word >> 255n),
  })
  const { seat, sequence, reason } = ballot
  const hash = hashTypedData({
    domain: params.domain,
    types: ballotTypes,
    primaryType: 'Ballot',
    message: { proposalId: params.proposalId, proposal: params.title, choice, seat, sequence, reason },
  })
  return recoverAddress({ hash, signature }).catch(() => undefined)
}

const maxTitleBytes = 200
const blanks = new Set([' ', '\t', '\n', '\r'].map((char) => char.charCodeAt(0)))

/** The title that ballots carry in words, found as the contract finds it; undefined when the contract holds another hash. */
export function titleOf(description: string, titleHash: Hex): string | undefined {
  const bytes = Buffer.from(description)
  const at = (index: number): number => bytes[index] ?? 0
  let from = 0
  while (from < bytes.length && (blanks.has(at(from)) || at(from) === 0x23)) from += 1
  let to = from
  while (to < bytes.length && at(to) !== 0x0a && at(to) !== 0x0d && to - from < maxTitleBytes) to += 1
  while (to > from && to < bytes.length && (at(to) & 0xc0) === 0x80) to -= 1
  while (to > from && blanks.has(at(to - 1))) to -= 1
  const title = bytes.subarray(from, to)
  return keccak256(title) === titleHash ? title.toString('utf8') : undefined
}
