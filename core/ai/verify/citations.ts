import type { Passage } from '../sources.ts'
import { termsOf } from '../words.ts'
import type { Check } from './check.ts'
import { ownWords, type Given } from './given.ts'

const mostCites = 4
const good = 0.3
const least = 0.2

/** Every claim cites something, and only what this call was given. */
export const citesKnownSources: Check = {
  id: 'C1',
  run(claim, given) {
    const cites = [...new Set(claim.cites)]
    if (!cites.length || cites.some((id) => !given.passages.has(id))) return 'drop'
    if (cites.length <= mostCites) return { ...claim, cites }
    const best = cites
      .map((id) => ({ id, value: supportOf(claim.text, [id], given) }))
      .sort((a, b) => b.value - a.value)
      .slice(0, mostCites)
      .map(({ id }) => id)
    return { ...claim, cites: cites.filter((id) => best.includes(id)) }
  },
}

/** The cited sources carry the claim's words, rare ones counting more. */
export const isSupported: Check = {
  id: 'C2',
  run(claim, given) {
    const support = supportOf(claim.text, claim.cites, given)
    return support >= good ? 'ok' : support >= least ? 'weak' : 'drop'
  },
}

function supportOf(text: string, cites: string[], given: Given): number {
  const cited = cites.flatMap((id) => given.passages.get(id) ?? [])
  const terms = new Set(cited.flatMap((passage) => [...given.terms(passage)]))
  // Numbers have a check of their own, which knows their spellings.
  const own = [...new Set(termsOf(ownWords(text)))].filter((term) => !/\d/.test(term))
  let found = 0
  let all = 0
  for (const term of own) {
    const weight = given.idf(term)
    all += weight
    if (terms.has(term)) found += weight
  }
  return all ? found / all : 0
}

/** What stands in quotation marks, or calls itself a quote, was said like that. */
export const quotesAreVerbatim: Check = {
  id: 'C3',
  run(claim, given) {
    const texts = claim.cites.map((id) => folded(given.passages.get(id)?.text ?? ''))
    const quotes = claim.kind === 'quote' ? [claim.text] : quoted(claim.text)
    const isSaid = (quote: string): boolean =>
      texts.some((text) =>
        folded(quote)
          .split(/\[?(?:…|\.\.\.)\]?/)
          .every((part) => text.includes(part.trim())),
      )
    return quotes.every(isSaid) ? 'ok' : 'drop'
  },
}

function quoted(text: string): string[] {
  return [...text.matchAll(/["“„«]([^"“”„«»]{3,}?)["”“»]/g)].flatMap(([, quote]) => quote ?? [])
}

function folded(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[‘’‚`´]/g, "'")
    .replaceAll(/[“”„«»]/g, '"')
    .replaceAll(/[‐-―−]/g, '-')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/^[\s"'.,;:]+|[\s"'.,;:]+$/g, '')
}

/** A person named in a claim is one who speaks, or is spoken of, in what it cites. */
export const namesItsSpeakers: Check = {
  id: 'A1',
  run(claim, given) {
    const cited = claim.cites.flatMap((id) => given.passages.get(id) ?? [])
    const strangers = given.authors.filter(
      (name) => isNamed(name, claim.text) && !cited.some((passage) => speaksOf(passage, name)),
    )
    if (!strangers.length) return 'ok'
    let text = claim.text
    for (const name of strangers) text = text.replaceAll(name, 'one participant')
    return { ...claim, text: text.replace(/^one/, 'One'), state: 'weak' }
  },
}

function speaksOf({ author, text }: Passage, name: string): boolean {
  return author === name || isNamed(name, text)
}

/** Names of one or two letters are in every text by chance. */
export function isNamed(name: string, text: string): boolean {
  if (name.length < 3) return false
  const at = text.indexOf(name)
  if (at < 0) return false
  const around = `${text[at - 1] ?? ' '}${text[at + name.length] ?? ' '}`
  return !/[\p{L}\p{N}]/u.test(around)
}
