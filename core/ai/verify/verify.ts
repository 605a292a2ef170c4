import type { Claim } from '../types.ts'
import type { Check } from './check.ts'
import { citesKnownSources, isSupported, namesItsSpeakers, quotesAreVerbatim } from './citations.ts'
import type { Given } from './given.ts'
import { numbersAreCited, recordComesFromFacts, statusAgrees } from './record.ts'
import { countsAllow, hasNoLinks, identifiersExist, isASentence, isPlain } from './wording.ts'

/** Cheapest first; each sees what the one before it left. */
const checks: Check[] = [
  citesKnownSources,
  hasNoLinks,
  isPlain,
  hasNoLinks,
  isASentence,
  quotesAreVerbatim,
  namesItsSpeakers,
  recordComesFromFacts,
  numbersAreCited,
  identifiersExist,
  statusAgrees,
  countsAllow,
  isSupported,
]

/** Holds what a model drafted against what it was given. Pure: the same draft always ends the same way. */
export function verifyClaims<T extends Claim>(
  drafted: T[],
  given: Given,
): { claims: T[]; dropped: Record<string, number> } {
  const dropped: Record<string, number> = {}
  const claims: T[] = []
  for (const draft of drafted) {
    const { claim, failed } = verify(draft, given)
    if (failed) dropped[failed] = (dropped[failed] ?? 0) + 1
    else if (!claims.some(({ text }) => text === claim.text)) claims.push({ ...draft, ...claim })
  }
  return { claims, dropped }
}

function verify(draft: Claim, given: Given): { claim: Claim; failed?: string } {
  let claim = draft
  for (const { id, run } of checks) {
    const verdict = run(claim, given)
    if (verdict === 'drop') return { claim, failed: id }
    if (verdict === 'weak') claim = { ...claim, state: 'weak' }
    else if (verdict !== 'ok') claim = verdict
  }
  return { claim }
}
