import { UserError } from '../errors.ts'
import { supports, type Support } from './support.ts'

type Counted = { support: Support; weight: bigint }

/** Single choice: one of Against, For and Abstain. Pure, like every voting rule. */
export const single = {
  /** A typed word: `for`, `Against`, `yes`, `no`. */
  parse(word: string): Support {
    const wanted = synonyms[word.trim().toLowerCase()] ?? word.trim().toLowerCase()
    const found = supports.find(({ value }) => value === wanted)
    if (!found) throw new UserError(`“${word.slice(0, 40)}” is not a choice: for, against or abstain.`)
    return found.support
  },

  /** The choice in words, as it is signed. */
  describe: (support: Support): string => supports.find((entry) => entry.support === support)?.label ?? 'Abstain',

  /** The number of the choice in a ballot's mark; 0 means none. */
  encode: (support: Support): number => support + 1,

  tally(votes: readonly Counted[]): Record<Support, bigint> {
    const sums: Record<Support, bigint> = { 0: 0n, 1: 0n, 2: 0n }
    for (const { support, weight } of votes) sums[support] += weight
    return sums
  },
}

const synonyms: Record<string, string> = { yes: 'for', aye: 'for', yea: 'for', no: 'against', nay: 'against' }
