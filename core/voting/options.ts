import { UserError } from '../errors.ts'

/** An option by its place in the poll's list, from 0. People and the contract count from 1. */
export type Option = number

/** The options chosen; in a ranked poll the first choice first. Who abstains takes part and chooses nothing. */
export type Answer = readonly Option[] | 'abstain'

export const abstain = 'abstain'
const abstainLabel = 'Abstain'

/** One of the poll's options, by its label or its number. The label comes first, because it may be a number too. */
export function parseOption(text: string, options: readonly string[]): Option {
  const wanted = text.trim().toLowerCase()
  const byLabel = options.findIndex((label) => label.toLowerCase() === wanted)
  if (byLabel !== -1) return byLabel
  const number = /^\d{1,3}$/.test(wanted) ? Number(wanted) : 0
  if (number >= 1 && number <= options.length) return number - 1
  const begun = options.flatMap((label, option) => (wanted && label.toLowerCase().startsWith(wanted) ? [option] : []))
  if (begun.length === 1) return begun[0]!
  throw new UserError(`“${text.trim().slice(0, 40)}” is not an option of this poll.`, {
    hint: options.map((label, option) => `${option + 1} ${label}`).join(', '),
  })
}

export function isAbstain(text: string): boolean {
  return text.trim().toLowerCase() === abstain
}

/** Several options: the text as a whole first, because a label may hold the separator. */
export function parseOptions(text: string, separator: RegExp, options: readonly string[]): Option[] {
  const whole = options.findIndex((label) => label.toLowerCase() === text.trim().toLowerCase())
  if (whole !== -1) return [whole]
  const list = text.split(separator).map((part) => parseOption(part, options))
  const twice = list.find((option, place) => list.indexOf(option) !== place)
  if (twice !== undefined) throw new UserError(`“${options[twice]}” is there twice.`)
  return list
}

/** What a paper carries in words: the labels, or “Abstain”. */
export function labels(answer: Answer, options: readonly string[]): string[] {
  return answer === abstain ? [abstainLabel] : answer.map((option) => options[option]!)
}
