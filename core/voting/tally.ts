import { abstain, type Answer, type Option } from './options.ts'
import type { Majority, Verdict } from '../db/tables/polls.ts'

/** An answer that counts, with its votes. */
export type Weighed = { answer: Answer; weight: bigint }

export type Tally = {
  /** By option. */
  votes: bigint[]
  /** Of all who chose. */
  participating: bigint
  abstained: bigint
}

export type Rules = {
  majority: Majority
  /** Votes, with those of who abstain, without which nothing is elected. */
  minimum?: bigint
  /** What wins when nothing is elected. */
  fallback?: Option
}

export type Outcome = {
  /** The elected option, else the fallback. */
  winner: Option | undefined
  verdict: Verdict
  /** Those who share the first place, when it is a tie. */
  tied: Option[]
}

/** Sums by option; each answer gives its whole weight to everything it chose. */
export function sum(answers: readonly Weighed[], options: number): Tally {
  const tally: Tally = { votes: Array.from({ length: options }, () => 0n), participating: 0n, abstained: 0n }
  for (const { answer, weight } of answers) {
    if (answer === abstain) tally.abstained += weight
    else if (answer.length > 0) {
      tally.participating += weight
      for (const option of answer) tally.votes[option]! += weight
    }
  }
  return tally
}

/** What a tally comes to where the most votes win; a run-off has its own end. */
export function decide(tally: Tally, rules: Rules): Outcome {
  const early = tooFew(tally, rules)
  if (early) return early
  const leaders = first(tally.votes)
  if (leaders.length > 1) return { winner: rules.fallback, verdict: 'tie', tied: leaders }
  const leader = leaders[0]!
  if (rules.majority !== 'none' && tally.votes[leader]! * 2n <= tally.participating) {
    return { winner: rules.fallback, verdict: 'no majority', tied: [] }
  }
  return { winner: leader, verdict: 'elected', tied: [] }
}

export function tooFew({ participating, abstained }: Tally, { minimum = 0n, fallback }: Rules): Outcome | undefined {
  if (participating === 0n) return { winner: fallback, verdict: 'no votes', tied: [] }
  if (participating + abstained < minimum) return { winner: fallback, verdict: 'too few votes', tied: [] }
  return undefined
}

/** The options with the most votes. */
export function first(votes: readonly bigint[]): Option[] {
  const most = votes.reduce((best, each) => (each > best ? each : best), 0n)
  return votes.flatMap((each, option) => (each === most ? [option] : []))
}
