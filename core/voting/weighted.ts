import { UserError } from '../errors.ts'
import { abstain, isAbstain, parseOption, type Option } from './options.ts'
import type { Tally } from './tally.ts'

/** Parts of a vote by option; what they are parts of is their sum. */
export type Shares = ReadonlyMap<Option, bigint>
type Divided = Shares | 'abstain'

/** Weighted: one vote divided among options. In chat only: papers have no such polls. */
export const weighted = {
  /** `1:50, 3:25`; options without a number get one part. */
  parse(text: string, options: readonly string[]): Divided {
    if (isAbstain(text)) return abstain
    const shares = new Map<Option, bigint>()
    for (const part of text.split(',')) {
      const [, name = '', parts = '1'] = /^(.*?)(?::\s*(\d{1,9})\s*%?)?\s*$/s.exec(part) ?? []
      const option = parseOption(name, options)
      if (shares.has(option)) throw new UserError(`“${options[option]}” is there twice.`)
      if (BigInt(parts) > 0n) shares.set(option, BigInt(parts))
    }
    if (shares.size === 0) throw new UserError('No option has a part of the vote.')
    return shares
  },

  describe(answer: Divided, options: readonly string[]): string[] {
    if (answer === abstain) return ['Abstain']
    return [...answer].map(([option, parts]) => `${options[option]}: ${parts}`)
  },

  /** Divides without losing a vote: what does not divide goes one by one to the largest remainders, of equals to the first. */
  tally(answers: readonly { answer: Divided; weight: bigint }[], options: number): Tally {
    const tally: Tally = { votes: Array.from({ length: options }, () => 0n), participating: 0n, abstained: 0n }
    for (const { answer, weight } of answers) {
      if (answer === abstain) tally.abstained += weight
      else {
        tally.participating += weight
        for (const [option, votes] of divide(answer, weight)) tally.votes[option]! += votes
      }
    }
    return tally
  },
}

function divide(shares: Shares, weight: bigint): [Option, bigint][] {
  const whole = [...shares.values()].reduce((total, parts) => total + parts, 0n)
  const cut = [...shares].map(([option, parts]) => ({
    option,
    votes: (weight * parts) / whole,
    remainder: (weight * parts) % whole,
  }))
  const given = cut.reduce((total, { votes }) => total + votes, 0n)
  const order = cut.toSorted((a, b) => Number(b.remainder - a.remainder) || a.option - b.option)
  for (let i = 0; i < Number(weight - given); i++) order[i]!.votes++
  return cut.map(({ option, votes }) => [option, votes])
}
