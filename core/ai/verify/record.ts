import type { Claim } from '../types.ts'
import type { Check } from './check.ts'
import { isNamed } from './citations.ts'
import { ownWords, placeholder, type Given } from './given.ts'
import { numeralsOf, valuesOf, type Numeral } from './numbers.ts'

const large = 10_000
const backing =
  /\b(?:vot(?:e[ds]?|ers?|ing)|ballots?|back(?:s|ed|ing)?|behind|support(?:s|ed|ers?|ing)?|oppos\w+|favou?r\w*|abstain\w*|won|lost|approv\w+|reject\w+|majority|turnout|quorum|tall(?:y|ies))\b/i

/** Every number stands in what is cited. */
export const numbersAreCited: Check = {
  id: 'N1',
  run(claim, given) {
    const known = valuesOf([
      ...claim.cites.flatMap((id) => {
        const passage = given.passages.get(id)
        return passage ? [passage.text, passage.heading] : []
      }),
      ...factsOf(claim, given).map(({ value }) => value),
    ])
    const missing = numeralsOf(ownWords(claim.text)).filter(({ value }) => !known.has(value))
    if (!missing.length) return 'ok'
    // An invented count of a few things is a slip; an invented tally, however it is worded, decides votes.
    const isTally = backing.test(ownWords(claim.text)) || missing.some(({ value }) => Number(value) >= large)
    return isTally || missing.some(isGrave) ? 'drop' : 'weak'
  },
}

/**
 * Numbers of record come from the fact sheet by name. A claim about the proposal holds no amount, share or date of its
 * own; a participant's amount stays in a claim that says whose it is, and nobody's claim counts votes.
 */
export const recordComesFromFacts: Check = {
  id: 'N2',
  run(claim, given) {
    const named = [...claim.text.matchAll(placeholder)].map(([, id]) => id ?? '')
    if (/\{\{|\}\}/.test(ownWords(claim.text)) || named.some((id) => !given.facts.has(id))) return 'drop'
    if (factsOf(claim, given).some(({ source }) => given.passages.has(source) && !claim.cites.includes(source)))
      return 'drop'
    const text = ownWords(claim.text)
    const grave = numeralsOf(text).filter(isGrave)
    if (countsVotes(text)) return 'drop'
    if (!grave.length) return 'ok'
    const recorded = new Set(
      [...given.facts.values()]
        .filter(({ source }) => !given.passages.has(source))
        .flatMap(({ value }) => numeralsOf(value).map((one) => one.value)),
    )
    if (grave.some(({ value }) => recorded.has(value))) return 'drop'
    const speakers = claim.cites.flatMap((id) => given.passages.get(id)?.author ?? [])
    return speakers.some((name) => isNamed(name, claim.text)) ? 'ok' : 'drop'
  },
}

const votes =
  /\d[\d.,]*\s?(?:[kmb]\b)?\s?%?\s?(?:of (?:the )?)?(?:votes?|voters?|ballots?|voting power|in favou?r|for|against|abstain\w*|yes|no|approval|support|turnout|quorum)\b|\b(?:votes?|tally|result|turnout|quorum|passed|approved|rejected|defeated)\b[^.]{0,40}\d|\b(?:for|against|abstain|yes|no)\s*[:=]\s*\d/i

function countsVotes(text: string): boolean {
  return votes.test(text.replaceAll(/\[[^\]]*\]/g, ' '))
}

const outcome =
  /\b(?:(?:proposal|vote|voting|motion|measure|result|quorum)\b[^.;]{0,30}?|it (?:has |was |is |got )*)\b(passed|passes|approved|succeeded|executed|enacted|ratified|won|queued|rejected|defeated|failed|lost|cancell?ed|expired|closed|ended|reached|met|missed)\b/i
const elsewhere =
  /\b(?:previous|earlier|last|prior|former|past|if|once|when|after|until|unless|would|will|should|must|can|to be)\b/i
const meanings: Record<string, RegExp> = {
  passed: /succeed|pass|queue|execut/i,
  failed: /defeat|fail|reject|expire/i,
  executed: /execut/i,
  queued: /queue/i,
  cancelled: /cancel/i,
  expired: /expire/i,
  closed: /succeed|pass|queue|execut|defeat|fail|reject|expire|cancel/i,
}
const sense: Record<string, keyof typeof meanings> = {
  passed: 'passed',
  passes: 'passed',
  approved: 'passed',
  succeeded: 'passed',
  won: 'passed',
  ratified: 'passed',
  executed: 'executed',
  enacted: 'executed',
  queued: 'queued',
  rejected: 'failed',
  defeated: 'failed',
  failed: 'failed',
  lost: 'failed',
  canceled: 'cancelled',
  cancelled: 'cancelled',
  expired: 'expired',
  closed: 'closed',
  ended: 'closed',
}

/** How a vote ended is said by the chain: a claim that says otherwise is refused, whoever it cites. */
export const statusAgrees: Check = {
  id: 'P1',
  run(claim, given) {
    const text = ownWords(claim.text)
    const said = outcome.exec(text)?.[1]?.toLowerCase()
    if (!said || elsewhere.test(text)) return 'ok'
    const status = [...given.facts.values()].find(({ kind }) => kind === 'status')?.value
    const meant = meanings[sense[said] ?? '']
    return status && meant?.test(status) ? 'ok' : 'drop'
  },
}

function isGrave({ kind }: Numeral): boolean {
  return kind !== 'plain'
}

function factsOf(claim: Claim, given: Given): { value: string; source: string }[] {
  return [...claim.text.matchAll(placeholder)].flatMap(([, id]) => given.facts.get(id ?? '') ?? [])
}
