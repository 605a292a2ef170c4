import { UserError } from './errors.ts'

/** The one table of units, in seconds. */
const units = { y: 31_536_000, w: 604_800, d: 86_400, h: 3_600, m: 60, s: 1 } as const
const words = [
  ['week', units.w],
  ['day', units.d],
  ['hour', units.h],
  ['minute', units.m],
] as const
const longest = 10 * units.y

const isUnit = (letter: string): letter is keyof typeof units => Object.hasOwn(units, letter)

/** Seconds of so many of a unit, which is named by its first letter; undefined where there is no such unit. */
function secondsOf(count: string, unit: string): number | undefined {
  const letter = unit.charAt(0).toLowerCase()
  return isUnit(letter) ? Number(count) * units[letter] : undefined
}

/** `3d`, `48 hours` or seconds; for a governor that counts in blocks a number of those. */
export function readDuration(word: string, clock: 'timestamp' | 'blocknumber'): bigint {
  const [, count, unit = ''] = /^(\d{1,10})\s*([smhdwy]?)[a-z]*$/i.exec(word) ?? []
  const length = count === undefined ? undefined : secondsOf(count, unit || 's')
  const isGood = length !== undefined && length <= longest && (clock === 'timestamp' || unit === '')
  if (isGood) return BigInt(length)
  throw new UserError(`“${word.slice(0, 40)}” is not a length of time.`, {
    hint: clock === 'timestamp' ? 'Such as 3d, 48h or 90m' : 'This DAO counts in blocks: say how many, such as 50400',
    code: 'usage',
  })
}

/** `36h`, `1.5 days`, `0`, in seconds; undefined where it names no unit from minutes to weeks. */
export function readTimeSpan(word: string): number | undefined {
  const [, count, unit] = /^(\d+(?:\.\d+)?)\s*([mhdw])?[a-z]*$/i.exec(word.trim()) ?? []
  if (count === undefined) return undefined
  if (unit === undefined) return Number(count) === 0 ? 0 : undefined
  return Math.round(secondsOf(count, unit) ?? Number.NaN)
}

/** `14d`, `36h`, `2 weeks` in seconds; undefined for any other words, so that it can stand among them. */
export function readSpan(word: string): number | undefined {
  const [, count, unit] = /^(\d{1,4})\s*(m(?:in|inutes?)?|h(?:ours?)?|d(?:ays?)?|w(?:eeks?)?)$/i.exec(word.trim()) ?? []
  return count === undefined || unit === undefined ? undefined : secondsOf(count, unit)
}

/** `2 weeks`, `36 hours`, in the largest unit that fits, `day` at most where weeks are unusual. */
export function durationWords(seconds: number, largest: 'week' | 'day' = 'week'): string {
  for (const [word, size] of largest === 'week' ? words : words.slice(1))
    if (seconds >= size && seconds % size === 0) return `${seconds / size} ${word}${seconds === size ? '' : 's'}`
  return `${seconds} second${seconds === 1 ? '' : 's'}`
}
