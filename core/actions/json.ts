/** JSON for what a contract is called with: whole numbers beyond a double go as `{ "n": "…" }`. */
export const toJson = (value: unknown): string =>
  JSON.stringify(value, (_, each: unknown) => (typeof each === 'bigint' ? { n: each.toString() } : each))

/** The inverse, for what the database has parsed. */
export function withNumbers(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withNumbers)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value)
  const [first] = entries
  if (entries.length === 1 && first?.[0] === 'n' && typeof first[1] === 'string') return BigInt(first[1])
  return Object.fromEntries(entries.map(([key, each]) => [key, withNumbers(each)]))
}

/** As a wallet takes it: whole numbers are decimal strings. */
export function plainNumbers(value: unknown): unknown {
  const known = withNumbers(value)
  return JSON.parse(JSON.stringify(known, (_, each: unknown) => (typeof each === 'bigint' ? each.toString() : each)))
}
