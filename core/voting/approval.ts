import { UserError } from '../errors.ts'
import { abstain, isAbstain, labels, parseOptions } from './options.ts'
import type { VotingRule } from './rule.ts'
import { decide, sum } from './tally.ts'

/** Approval: any number of options, each with the whole weight. */
export const approval: VotingRule = {
  most: 24,

  /** `1,4`, or labels. */
  parse(text, options) {
    return isAbstain(text) ? abstain : parseOptions(text, /,/, options).toSorted((a, b) => a - b)
  },

  describe: labels,
  width: (options) => options + 1,

  /** A bit an option, the first one lowest. */
  encode(answer, options) {
    if (answer === abstain) return (1n << BigInt(options + 1)) - 1n
    return answer.reduce((code, option) => code | (1n << BigInt(option)), 0n)
  },

  decode(code, options) {
    if (code === 0n) return undefined
    if (code === (1n << BigInt(options + 1)) - 1n) return abstain
    if (code >> BigInt(options)) throw new UserError('This is not an answer to an approval poll.')
    return Array.from({ length: options }, (_, option) => option).filter((option) => (code >> BigInt(option)) & 1n)
  },

  tally: sum,
  outcome: (answers, options, rules) => decide(sum(answers, options), rules),
}
