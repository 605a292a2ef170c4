import type { Support } from '../../core/voting/support.ts'
import { countHeads, shareHeads, type Sums } from './shares.ts'

const choices = 3
const fewestBits = 8
const mostBits = 50

/**
 * Stakes with which every score up to the highest can be made up: `least` single units, then three of each power of two.
 * `digits` says how many decimals of a score are kept; with few voters there are fewer powers, so fewer digits.
 */
export function stakesFor(params: { highest: number; least: number; mostDecimals: number }): {
  bits: number
  digits: number
  stakes: bigint[]
} {
  const { highest, least, mostDecimals } = params
  const room = Math.min(mostBits, Math.max(fewestBits, Math.floor(least / choices)))
  let digits = mostDecimals
  while (bitsOf(highest * 10 ** digits) > room) digits -= 1
  const bits = bitsOf(highest * 10 ** digits)
  const powers = Array.from({ length: bits }, (_, bit) => Array.from({ length: choices }, () => 1n << BigInt(bit)))
  return { bits, digits, stakes: [...Array.from({ length: least }, () => 1n), ...powers.flat()] }
}

/**
 * Picks voters whose stakes add up to exactly the target of each choice: some single units each, the rest by its powers of
 * two. With more single units more people vote; as few are taken as give `least` voters.
 */
export function assignStakes(
  targets: Sums,
  params: { bits: number; units: number; least: number },
): { voter: number; support: Support }[] {
  const { bits, units, least } = params
  const most = countHeads(targets) < BigInt(units) ? Number(countHeads(targets)) : units
  let best: { voter: number; support: Support }[] = []
  for (let heads = 0; heads <= most; heads += 1) {
    best = withUnits(targets, { bits, units, heads })
    if (best.length >= least) return best
  }
  return best
}

function withUnits(
  targets: Sums,
  { bits, units, heads }: { bits: number; units: number; heads: number },
): { voter: number; support: Support }[] {
  const single = shareHeads(targets, heads)
  const picked: { voter: number; support: Support }[] = []
  let unit = 0
  for (const [index, target] of targets.entries()) {
    const support = index as Support
    const own = single[support]
    for (let count = 0; count < own; count += 1, unit += 1) picked.push({ voter: unit, support })
    const rest = target - BigInt(own)
    for (let bit = 0; bit < bits; bit += 1)
      if ((rest >> BigInt(bit)) & 1n) picked.push({ voter: units + bit * choices + index, support })
  }
  return picked
}

const bitsOf = (value: number): number => Math.max(0, Math.ceil(Math.log2(Math.floor(value) + 2)))
