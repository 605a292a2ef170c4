import type { Answer } from './options.ts'
import type { Outcome, Rules, Tally, Weighed } from './tally.ts'

/** How a kind of poll is answered and counted; pure. `encode` and `decode` are the answer's part of a paper's mark. */
export type VotingRule = {
  /** Options at most. */
  readonly most: number
  /** What a person types. */
  readonly parse: (text: string, options: readonly string[]) => Answer
  /** In words, as it is signed. */
  readonly describe: (answer: Answer, options: readonly string[]) => string[]
  /** Bits of an answer; all of them set is to abstain, none is no answer. */
  readonly width: (options: number) => number
  readonly encode: (answer: Answer, options: number) => bigint
  readonly decode: (code: bigint, options: number) => Answer | undefined
  readonly tally: (answers: readonly Weighed[], options: number) => Tally
  readonly outcome: (answers: readonly Weighed[], options: number, rules: Rules) => Outcome
}
