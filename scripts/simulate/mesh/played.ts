import type { Challenge } from '../../../core/mesh/challenge.ts'
import type { Work } from './strategies.ts'
import type { Agent } from './world.ts'

/** Somebody who pays; a cheating one objects through another name and rates everything 0. */
export type Sponsor = { account: string; isCheating: boolean; washes?: Agent }

export type Played = {
  challenge: Challenge
  sponsors: readonly Sponsor[]
  dependencies: readonly (readonly number[])[]
  /** By task: the day of its next step, the work handed in. */
  next: number[]
  work: (Work | undefined)[]
  stakesIn: bigint
  /** Tasks of which a cheating sponsor has had good work rejected. */
  taken: Set<number>
  isOver: boolean
  /** Transactions, of everybody. */
  transactions: number
}
