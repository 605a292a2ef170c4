import { parseUnits } from 'viem'
import { UserError } from '../errors.ts'
import type { Token } from '../chain/token.ts'

/** `1,000.5` or `1000.5 NOMIC` in base units. */
export function readAmount(typed: string, { symbol, decimals }: Token): bigint {
  const words = typed.trim().replace(/\s+[^\d\s]\S*$/u, '')
  const number = /^\d{1,3}(,\d{3})+(\.\d+)?$/.test(words) ? words.replaceAll(',', '') : words
  const match = /^(\d{1,30})(?:\.(\d+))?$/.exec(number)
  if (!match || (match[2]?.length ?? 0) > decimals)
    throw new UserError(`“${typed.slice(0, 40)}” is not an amount of ${symbol}.`, {
      hint: 'Say a number such as 500 or 12.5',
      code: 'usage',
    })
  return parseUnits(number, decimals)
}

const units: Record<string, number> = { m: 60, h: 3_600, d: 86_400, w: 604_800 }

/** `14d`, `36h`, `2w` in seconds; undefined for anything else. */
export function readSpan(word: string): number | undefined {
  const match = /^(\d{1,4})\s*(m|h|d|w)(?:in|inutes?|ours?|ays?|eeks?)?$/.exec(word.trim().toLowerCase())
  const size = units[match?.[2] ?? '']
  return match && size !== undefined ? Number(match[1]) * size : undefined
}

/** `2 weeks`, `36 hours`. */
export function spanWords(seconds: number): string {
  for (const [word, size] of [
    ['week', 604_800],
    ['day', 86_400],
    ['hour', 3_600],
    ['minute', 60],
  ] as const)
    if (seconds >= size && seconds % size === 0) return `${seconds / size} ${word}${seconds === size ? '' : 's'}`
  return `${seconds} seconds`
}
