import type { Support } from '../../core/voting/support.ts'

const [against, inFavour, abstain]: readonly [Support, Support, Support] = [0, 1, 2]

const words: readonly [RegExp, Support][] = [
  [/^(for|yes|yae|yay|approve|accept|support|in favou?r)\b/i, inFavour],
  [/^(against|no|nay|reject|oppose)\b/i, against],
  [/^abstain/i, abstain],
]

/**
 * Which of against, for and abstain each choice means. One that says none of it is "for" when it is the only one of its
 * kind: a vote on a veto has "Veto" and "No veto". A sentence when the choices are something else.
 */
export function readChoices(choices: readonly string[]): Support[] | string {
  if (choices.length === 0) return 'it has no choices'
  const known = choices.map((choice) => words.find(([pattern]) => pattern.test(choice.trim()))?.[1])
  const open = known.filter((support) => support === undefined)
  const isTaken = known.includes(inFavour)
  if (open.length > 1 || (open.length === 1 && isTaken))
    return `its choices are not for, against and abstain: ${choices.map((choice) => choice.trim()).join(', ')}`.slice(
      0,
      200,
    )
  const supports = known.map((support) => support ?? inFavour)
  return new Set(supports).size === supports.length ? supports : 'two of its choices mean the same'
}
