import {
  concatHex,
  encodeFunctionData,
  numberToHex,
  parseEventLogs,
  parseSignature,
  signatureToCompactSignature,
  size,
  sliceHex,
  zeroHash,
  type Address,
  type Hex,
  type TransactionReceipt,
} from 'viem'
import { polls } from '../../contracts/generated.ts'
import type { PaperBallotRow, PaperRefusal } from '../db/tables/polls.ts'

export type Packable = Pick<PaperBallotRow, 'seat' | 'mark' | 'signature'>

/** By seat, which the contract counts for the least gas; `bits` is the width of a mark of this paper. */
export const packPapers = (papers: readonly Packable[], bits: number): Hex =>
  concatHex(inOrder(papers).map((paper) => packed(paper, bits)))

export const inOrder = <T extends Packable>(papers: readonly T[]): T[] => papers.toSorted((a, b) => a.seat - b.seat)

function packed({ seat, mark, signature }: Packable, bits: number): Hex {
  const { r, yParityAndS } = signatureToCompactSignature(parseSignature(signature as Hex))
  return concatHex([numberToHex(seat, { size: 4 }), numberToHex(BigInt(mark), { size: bits / 8 }), r, yParityAndS])
}

export const batchCall = (paper: number, papers: readonly Packable[], bits: number): Hex =>
  encodeFunctionData({
    abi: polls.abi,
    functionName: 'castPapers',
    args: [BigInt(paper), packPapers(papers, bits)],
  })

/** A contract wallet's paper goes alone. */
export const singleCall = ({ paper, seat, mark, voter, signature }: Packable & { paper: number; voter: string }): Hex =>
  encodeFunctionData({
    abi: polls.abi,
    functionName: 'castPaper',
    args: [BigInt(paper), seat, BigInt(mark), zeroHash, voter as Address, signature as Hex],
  })

const reasons: Record<number, PaperRefusal> = { 1: 'stale', 2: 'seat', 3: 'signature', 4: 'weight', 5: 'live' }

/** By the byte that the contract has for it; undefined when it counts. */
export const reasonOf = (byte: number): PaperRefusal | undefined =>
  byte === 0 ? undefined : (reasons[byte] ?? 'unknown')

/** What a transaction counted, by the contract's own log: seat and mark, and the weight. */
export function countedIn(
  receipt: TransactionReceipt,
  { to, paper, bits }: { to: Address; paper: number; bits: number },
): Map<string, bigint> {
  const counted = new Map<string, bigint>()
  const bytes = 16 + bits / 8
  const logs = parseEventLogs({ abi: polls.abi, eventName: 'PapersCounted', logs: receipt.logs })
  for (const { address, args } of logs) {
    if (address.toLowerCase() !== to.toLowerCase() || args.paper !== BigInt(paper)) continue
    for (let at = 0; at + bytes <= size(args.records); at += bytes) {
      const field = (from: number, to_: number): bigint => BigInt(sliceHex(args.records, at + from, at + to_))
      counted.set(keyOf({ seat: Number(field(0, 4)), mark: field(4, bytes - 12) }), field(bytes - 12, bytes))
    }
  }
  return counted
}

export const keyOf = ({ seat, mark }: { seat: number; mark: string | bigint }): string => `${seat}/${BigInt(mark)}`
