import { terms } from './terms.ts'

/** `isPeer`: a DAO known in the domain, else a sponsor. */
export type Rating = { weight: bigint; rating: number; isPeer: boolean }

export type Verdict = { median: number; isByPeers: boolean }

/**
 * The highest rating that half of the weight or more reaches, so that a tie goes to the author; undefined below the quorum.
 * Where enough DAOs of the domain speak, sponsors count for at most half as much: who pays may not refuse good work alone.
 */
export function verdictOf(ratings: readonly Rating[]): Verdict | undefined {
  const peers = sum(ratings.filter(({ isPeer }) => isPeer))
  const sponsors = sum(ratings) - peers
  const isByPeers = peers >= terms.quorum
  const most = peers / 2n
  const counted = ratings.map(({ weight, rating, isPeer }) => ({
    rating,
    weight: isByPeers && !isPeer && sponsors > most ? (weight * most) / sponsors : weight,
  }))
  const total = sum(counted)
  if (total < terms.quorum) return undefined
  let above = 0n
  for (const { weight, rating } of counted.toSorted((a, b) => b.rating - a.rating)) {
    above += weight
    if (above * 2n >= total) return { median: rating, isByPeers }
  }
  return undefined
}

/** Whether a reviewer was near enough to the median to be trusted as before. */
export function isNear(rating: number, median: number): boolean {
  return Math.abs(rating - median) <= Number(terms.near)
}

function sum(ratings: readonly { weight: bigint }[]): bigint {
  return ratings.reduce((total, { weight }) => total + weight, 0n)
}
