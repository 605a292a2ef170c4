import { UserError } from '../errors.ts'
import { abstain, isAbstain, labels, parseOption } from './options.ts'
import type { VotingRule } from './rule.ts'
import { decide, sum } from './tally.ts'

/** Single choice among a poll's own options; `single` is that of a governor. */
export const choice: VotingRule = {
  most: 15,

  /** `2`, or a label. */
  parse(text, options) {
    return isAbstain(text) ? abstain : [parseOption(text, options)]
  },

  describe: labels,
  width: (options) => (options < 15 ? 4 : 5),

  /** The option's number from 1. */
  encode(answer, options) {
    if (answer === abstain) return (1n << BigInt(choice.width(options))) - 1n
    if (answer.length > 1) throw new UserError('This poll takes one option.')
    return BigInt(answer.length === 0 ? 0 : answer[0]! + 1)
  },

  decode(code, options) {
    if (code === 0n) return undefined
    if (code === (1n << BigInt(choice.width(options))) - 1n) return abstain
    if (code > BigInt(options)) throw new UserError('This is not an answer to a single choice.')
    return [Number(code) - 1]
  },

  tally: sum,
  outcome: (answers, options, rules) => decide(sum(answers, options), rules),
}
