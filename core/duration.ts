import { UserError } from './errors.ts'

const seconds: Record<string, bigint> = { '': 1n, s: 1n, m: 60n, h: 3_600n, d: 86_400n, w: 604_800n, y: 31_536_000n }
const longest = 10n * 31_536_000n

/** `3d`, `48 hours` or seconds; for a governor that counts in blocks a number of those. */
export function readDuration(word: string, clock: 'timestamp' | 'blocknumber'): bigint {
  const [, count, unit = ''] = /^(\d{1,10})\s*([smhdwy]?)[a-z]*$/i.exec(word) ?? []
  const length = count === undefined ? undefined : BigInt(count) * (seconds[unit.toLowerCase()] ?? 0n)
  const isGood = length !== undefined && length <= longest && (clock === 'timestamp' || unit === '')
  if (isGood) return length
  throw new UserError(`“${word.slice(0, 40)}” is not a length of time.`, {
    hint: clock === 'timestamp' ? 'Such as 3d, 48h or 90m' : 'This DAO counts in blocks: say how many, such as 50400',
    code: 'usage',
  })
}
