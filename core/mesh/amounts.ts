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
