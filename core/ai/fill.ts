import type { Claim, Fact, Source } from './types.ts'
import { placeholder } from './verify/given.ts'

/** A claim with the figures of record in their places. What is copied word by word from its source stays as it is. */
export function fillFacts(claim: Claim, facts: readonly Fact[], sources: readonly Source[]): (string | Fact)[] {
  const isVerbatim = sources.some(({ id, text }) => claim.cites.includes(id) && text.includes(claim.text))
  if (isVerbatim) return [claim.text]
  const parts: (string | Fact)[] = []
  let from = 0
  for (const match of claim.text.matchAll(placeholder)) {
    parts.push(claim.text.slice(from, match.index))
    parts.push(facts.find(({ id }) => id === match[1]) ?? '(unknown)')
    from = match.index + match[0].length
  }
  return [...parts, claim.text.slice(from)].filter((part) => part !== '')
}
