import type { Address, Hex } from 'viem'
import type { Event, Evidence } from './evidence.ts'

export type Seat = { account: Address; autoId: bigint; since: bigint }

/** Seats change hands, so who sits where is followed in the order of the logs; a seat's time is that of its block. */
export function applySeat(seats: Map<number, Seat>, { log, eventName, args }: Event, times: Evidence['times']): void {
  const number = Number(args.seat)
  if (eventName === 'SeatVacated') seats.delete(number)
  if (eventName !== 'SeatTaken') return
  const time = times[log.blockHash]
  seats.set(number, {
    account: args.account as Address,
    autoId: args.autoId as bigint,
    // A copy that lost the time must not make a late seat look early.
    since: time === undefined ? 2n ** 48n : BigInt(time),
  })
}

/** 17 bytes a ballot that counted: seat, mark, weight. */
export function countedRecords(packed: Hex): { seat: number; mark: number; weight: bigint }[] {
  return records(packed, 17).map((bytes) => ({
    seat: bytes.readUInt32BE(0),
    mark: bytes.readUInt8(4),
    weight: BigInt(`0x${bytes.subarray(5).toString('hex')}`),
  }))
}

/** 5 bytes a ballot that did not: seat, reason. */
export function skippedRecords(packed: Hex): { seat: number; reason: number }[] {
  return records(packed, 5).map((bytes) => ({ seat: bytes.readUInt32BE(0), reason: bytes.readUInt8(4) }))
}

function records(packed: Hex, size: number): Buffer[] {
  const bytes = Buffer.from(packed.slice(2), 'hex')
  return Array.from({ length: Math.floor(bytes.length / size) }, (_, index) =>
    bytes.subarray(index * size, (index + 1) * size),
  )
}
