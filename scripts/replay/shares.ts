/** Against, for, abstain: by the number that the contract has for each. */
export type Sums = readonly [bigint, bigint, bigint]

export const countHeads = (sums: Sums): bigint => sums[0] + sums[1] + sums[2]

/**
 * Shares out at most `most` heads in proportion to the scores, by largest remainder. Whoever got anything keeps at least
 * one head, as long as there are heads enough.
 */
export function shareHeads(scores: Sums, most: number): [number, number, number] {
  const total = countHeads(scores)
  if (total <= BigInt(most)) return scores.map(Number) as [number, number, number]
  const shares = scores.map((score, index) => {
    const exact = score * BigInt(most)
    return { index, heads: Number(exact / total), rest: exact % total, has: score > 0n }
  })
  const left = most - shares.reduce((sum, share) => sum + share.heads, 0)
  const byRest = shares.toSorted((a, b) => (a.rest === b.rest ? a.index - b.index : a.rest < b.rest ? 1 : -1))
  for (const share of byRest.slice(0, left)) share.heads += 1
  for (const poor of shares.filter((share) => share.has && share.heads === 0)) {
    const rich = shares.reduce((a, b) => (b.heads > a.heads ? b : a))
    if (rich.heads < 2) break
    rich.heads -= 1
    poor.heads += 1
  }
  return shares.map(({ heads }) => heads) as [number, number, number]
}
