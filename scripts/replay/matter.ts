import type { Support } from '../../core/voting/support.ts'

/** What there is to vote on, as a data set has it. */
export type Matter = {
  /** File and line, so that a person finds it. */
  source: string
  /** Whose matter it is; each gets a DAO of its own. */
  house: string
  title: string
  body: string
  /** What was said of it, in order. */
  said: { author: string; text: string }[]
  /** Undefined where the data has no result. */
  result: Result | undefined
}
export type Result = {
  /** How many people voted. */
  voters: number
  choices: { words: string; support: Support; score: number }[]
}

/** Something in the data that cannot be put to a vote here, and why. */
export type NotExpressed = { source: string; title: string; reason: string }

export type Read = { matters: Matter[]; notExpressed: NotExpressed[] }
