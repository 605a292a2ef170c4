import { UserError } from '../errors.ts'
import { abstain, isAbstain, labels, parseOptions, type Answer, type Option } from './options.ts'
import type { VotingRule } from './rule.ts'
import { runOff, type RunOff } from './run-off.ts'
import type { Majority } from '../db/tables/polls.ts'
import { sum, tooFew, type Weighed } from './tally.ts'

/** Ranked choice with instant run-off. Options that are not ranked are not chosen. */
export const ranked: VotingRule = {
  most: 8,

  /** `2>1>3`, the first choice first; also labels, also with commas. */
  parse(text, options) {
    return isAbstain(text) ? abstain : parseOptions(text, /[>,]/, options)
  },

  describe: labels,
  width: (options) => 4 * options,

  /** Four bits an option, the first choice lowest, numbers from 1. */
  encode(answer, options) {
    if (answer === abstain) return (1n << BigInt(4 * options)) - 1n
    return answer.reduce((code, option, place) => code | (BigInt(option + 1) << BigInt(4 * place)), 0n)
  },

  decode(code, options) {
    if (code === 0n) return undefined
    if (code === (1n << BigInt(4 * options)) - 1n) return abstain
    const answer: Option[] = []
    for (let rest = code; rest > 0n; rest >>= 4n) {
      const option = Number(rest & 15n) - 1
      if (option < 0 || option >= options || answer.includes(option)) {
        throw new UserError('This is not an answer to a ranked poll.')
      }
      answer.push(option)
    }
    return answer
  },

  /** First choices. */
  tally(answers, options) {
    return sum(
      group(answers).map(({ answer, weight }) => ({
        answer: answer === abstain ? answer : answer.slice(0, 1),
        weight,
      })),
      options,
    )
  },

  outcome(answers, options, rules) {
    const groups = group(answers)
    const early = tooFew(ranked.tally(groups, options), rules)
    if (early) return early
    const { winner, tied } = rounds(groups, options, rules.majority)
    if (winner !== undefined) return { winner, verdict: 'elected', tied: [] }
    return { winner: rules.fallback, verdict: tied.length > 0 ? 'tie' : 'no majority', tied }
  },
}

/** The rounds of a ranked poll. */
export function rounds(answers: readonly Weighed[], options: number, majority: Majority): RunOff {
  const rankings = group(answers).flatMap(({ answer, weight }) =>
    answer === abstain ? [] : [{ ranking: answer, weight }],
  )
  return runOff(rankings, { options, majority })
}

/** Equal answers put together. */
function group(answers: readonly Weighed[]): Weighed[] {
  const groups = new Map<string, { answer: Answer; weight: bigint }>()
  for (const { answer, weight } of answers) {
    const key = answer === abstain ? abstain : answer.join('>')
    const same = groups.get(key)
    if (same) same.weight += weight
    else groups.set(key, { answer, weight })
  }
  return [...groups.values()]
}
