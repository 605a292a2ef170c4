import { daoOf, min, worthOf, type Mesh } from './mesh.ts'
import { terms } from './terms.ts'

export type Bid = { dao: number; stake: bigint; worth: bigint }

/** The part of a task that scores depend on; `unit` is the token's unit of account. */
export type Priced = { domain: string; payout: bigint; minStake: bigint; unit: bigint }

/** What a bid is worth, before it is divided by how much the DAO has to do. */
export function worthOfBid(mesh: Mesh, task: Priced, dao: number, stake: bigint, now: bigint): bigint {
  const counted = min(stake, task.minStake * terms.stakeCap)
  return worthOf(mesh, dao, task.domain, (counted * 1_000_000n) / task.unit, task.payout <= task.unit, now)
}

/** What a bid scores at a time: the preview before it is placed, and what the allocation compares. */
export function scoreOfBid(mesh: Mesh, task: Priced, dao: number, stake: bigint, now: bigint): bigint {
  return worthOfBid(mesh, task, dao, stake, now) / BigInt(1 + daoOf(mesh, dao).openTasks)
}

/** The bid with the highest score, of equal ones that of the DAO with the lower number. */
export function bestBid(mesh: Mesh, task: Priced, bids: readonly Bid[], now: bigint): Bid | undefined {
  return bids
    .map((bid) => ({ bid, score: scoreOfBid(mesh, task, bid.dao, bid.stake, now) }))
    .toSorted((a, b) => (a.score === b.score ? a.bid.dao - b.bid.dao : a.score > b.score ? -1 : 1))[0]?.bid
}

/** The bid that a list which is full gives up for a better one: worth least, of equal ones the higher number. */
export function worstBid(bids: readonly Bid[]): Bid | undefined {
  return bids.toSorted((a, b) => (a.worth === b.worth ? b.dao - a.dao : a.worth < b.worth ? -1 : 1))[0]
}
