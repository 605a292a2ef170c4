import type { Option } from './options.ts'
import type { Majority } from '../db/tables/polls.ts'
import { first } from './tally.ts'

/** A ranking, the first choice first, and its votes. */
export type Ranking = { ranking: readonly Option[]; weight: bigint }

export type Round = {
  /** By option; none for those that are out. */
  votes: bigint[]
  /** Votes of those whose options are all out. */
  exhausted: bigint
  /** Who goes after this round. */
  out: Option[]
  /** Those among whom only the order of the tie-break chose who goes. */
  tied: Option[]
}

export type RunOff = {
  winner: Option | undefined
  rounds: Round[]
  /** Those who share the first place at the end. */
  tied: Option[]
}

/**
 * Instant run-off. A round counts each ranking for its first option that is still in. Who has more than half wins; the
 * rounds end without a winner when two are left and neither has. Otherwise the weakest go: as many as together have
 * fewer votes than the next one, or else the weakest alone, which of equals is the one with fewer first choices, and of
 * those the last in the list.
 *
 * The contract's `RunOff.sol` is the same, and a test holds them together.
 */
export function runOff(
  rankings: readonly Ranking[],
  { options, majority }: { options: number; majority: Majority },
): RunOff {
  const piles = rankings.filter(({ ranking }) => ranking.length > 0).map((pile) => ({ ...pile, at: 0 }))
  const all = piles.reduce((total, { weight }) => total + weight, 0n)
  const isOut = Array.from({ length: options }, () => false)
  const rounds: Round[] = []
  for (;;) {
    const { votes, exhausted } = countRound(piles, isOut)
    const order = weakestFirst(votes, rounds[0]?.votes ?? votes, isOut)
    const strongest = order.at(-1)
    const round: Round = { votes, exhausted, out: [], tied: [] }
    rounds.push(round)
    if (strongest === undefined) return { winner: undefined, rounds, tied: [] }
    if (votes[strongest]! * 2n > (majority === 'active' ? all - exhausted : all)) {
      return { winner: strongest, rounds, tied: [] }
    }
    if (order.length <= 2) {
      const leaders = first(votes)
      return { winner: undefined, rounds, tied: leaders.length > 1 ? leaders.filter((option) => !isOut[option]) : [] }
    }
    round.out = order.slice(0, going(votes, order))
    round.tied = equals(votes, rounds[0]!.votes, order, round.out.length)
    for (const option of round.out) isOut[option] = true
  }
}

function countRound(
  piles: { ranking: readonly Option[]; weight: bigint; at: number }[],
  isOut: readonly boolean[],
): Pick<Round, 'votes' | 'exhausted'> {
  const votes = isOut.map(() => 0n)
  let exhausted = 0n
  for (const pile of piles) {
    // Who is out stays out, so nobody looks back.
    while (pile.at < pile.ranking.length && isOut[pile.ranking[pile.at]!]) pile.at++
    const option = pile.ranking[pile.at]
    if (option === undefined) exhausted += pile.weight
    else votes[option]! += pile.weight
  }
  return { votes, exhausted }
}

function weakestFirst(votes: readonly bigint[], firsts: readonly bigint[], isOut: readonly boolean[]): Option[] {
  const left = votes.flatMap((_, option) => (isOut[option] ? [] : [option]))
  return left.toSorted((a, b) => compare(votes[a]!, votes[b]!) || compare(firsts[a]!, firsts[b]!) || b - a)
}

/** How many of the weakest go at once; two always stay. */
function going(votes: readonly bigint[], order: readonly Option[]): number {
  let count = 1
  let together = 0n
  for (let i = 0; i < order.length - 2; i++) {
    together += votes[order[i]!]!
    if (together < votes[order[i + 1]!]!) count = i + 1
  }
  return count
}

function equals(
  votes: readonly bigint[],
  firsts: readonly bigint[],
  order: readonly Option[],
  count: number,
): Option[] {
  const last = order[count - 1]!
  const same = order.filter((option) => votes[option] === votes[last] && firsts[option] === firsts[last])
  return same.some((option) => !order.slice(0, count).includes(option)) ? same.toSorted((a, b) => a - b) : []
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0
}
