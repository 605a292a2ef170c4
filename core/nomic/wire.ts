import {
  concatHex,
  encodeFunctionData,
  numberToHex,
  parseEventLogs,
  parseSignature,
  signatureToCompactSignature,
  size,
  sliceHex,
  type Address,
  type Hex,
  type TransactionReceipt,
} from 'viem'
import { chief } from '../../contracts/generated.ts'
import type { ApprovalRefusal, ApprovalRow } from '../db/tables/nomic.ts'

/** An approval with the number under which its list of spells was etched. */
export type Numbered = Pick<ApprovalRow, 'seat' | 'sequence' | 'voter' | 'signature'> & { slate: number }

/** 74 bytes each, by seat, which the contract counts for the least gas. */
export const packApprovals = (approvals: readonly Numbered[]): Hex =>
  concatHex(approvals.toSorted((a, b) => a.seat - b.seat).map(packed))

function packed({ seat, sequence, slate, signature }: Numbered): Hex {
  const { r, yParityAndS } = signatureToCompactSignature(parseSignature(signature as Hex))
  return concatHex([
    numberToHex(seat, { size: 4 }),
    numberToHex(sequence, { size: 2 }),
    numberToHex(slate, { size: 4 }),
    r,
    yParityAndS,
  ])
}

export const batchCall = (approvals: readonly Numbered[]): Hex =>
  encodeFunctionData({ abi: chief.abi, functionName: 'castApprovals', args: [packApprovals(approvals)] })

/** A contract wallet's approval goes alone. */
export const singleCall = ({ seat, sequence, slate, voter, signature }: Numbered): Hex =>
  encodeFunctionData({
    abi: chief.abi,
    functionName: 'castApproval',
    args: [seat, sequence, slate, voter as Address, signature as Hex],
  })

export const etchCall = (spells: readonly Address[]): Hex =>
  encodeFunctionData({ abi: chief.abi, functionName: 'etch', args: [spells] })

const reasons: Record<number, ApprovalRefusal> = { 1: 'stale', 2: 'seat', 3: 'signature', 4: 'unlocked', 6: 'unknown' }

/** By the byte that the contract has for it; undefined when it counts. */
export const reasonOf = (byte: number): ApprovalRefusal | undefined =>
  byte === 0 ? undefined : (reasons[byte] ?? 'unknown')

const recordBytes = 22

/** What a transaction counted, by the chief's own log: `seat/sequence` and the weight. */
export function countedIn(receipt: TransactionReceipt, chiefAddress: Address): Map<string, bigint> {
  const counted = new Map<string, bigint>()
  const logs = parseEventLogs({ abi: chief.abi, eventName: 'ApprovalsCounted', logs: receipt.logs })
  for (const { address, args } of logs) {
    if (address.toLowerCase() !== chiefAddress.toLowerCase()) continue
    for (let at = 0; at + recordBytes <= size(args.records); at += recordBytes) {
      const field = (from: number, to: number): bigint => BigInt(sliceHex(args.records, at + from, at + to))
      counted.set(keyOf({ seat: Number(field(0, 4)), sequence: Number(field(4, 6)) }), field(10, 22))
    }
  }
  return counted
}

export const keyOf = ({ seat, sequence }: { seat: number; sequence: number }): string => `${seat}/${sequence}`
