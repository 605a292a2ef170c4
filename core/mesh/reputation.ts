/** An amount as it was at the start of its half-life; all decay on one curve, so sums decay as their parts do. */
export type Entry = { amount: bigint; halfLife: bigint }

const halfLifeSeconds = 90n * 86_400n
const fraction = 32n
const maxChange = 10n ** 12n

export const noReputation: Entry = { amount: 0n, halfLife: 0n }

/** Reputation at a time in seconds: half after 90 days, by a shift a half-life and a linear part within one. */
export function reputationAt(entry: Entry, now: bigint): bigint {
  const { amount, passed } = decayed(entry, now)
  return ((amount * halfLifeSeconds) / (halfLifeSeconds + passed)) >> fraction
}

/** Adds points, or takes them away, down to nothing. */
export function changed(entry: Entry, points: bigint, now: bigint): Entry {
  const { amount, passed } = decayed(entry, now)
  const scaled = (abs(points) << fraction) * (halfLifeSeconds + passed)
  const halfLife = now / halfLifeSeconds
  // Rounded up, so that what was added can be read back.
  if (points >= 0n) return { amount: amount + (scaled + halfLifeSeconds - 1n) / halfLifeSeconds, halfLife }
  const less = amount - scaled / halfLifeSeconds
  return { amount: less < 0n ? 0n : less, halfLife }
}

export function capped(points: bigint): bigint {
  return points > maxChange ? maxChange : points
}

function decayed({ amount, halfLife }: Entry, now: bigint): { amount: bigint; passed: bigint } {
  return { amount: amount >> (now / halfLifeSeconds - halfLife), passed: now % halfLifeSeconds }
}

function abs(x: bigint): bigint {
  return x < 0n ? -x : x
}
