import { cleanText } from '../../clean.ts'
import { countWords } from '../words.ts'
import type { Check } from './check.ts'
import { ownWords } from './given.ts'

const mostWords = 60
const leastWords = 4

/** A sentence, not a slogan and not a page. */
export const isASentence: Check = {
  id: 'S1',
  run({ text }) {
    const words = countWords(text)
    return words >= leastWords && words <= mostWords && text.length <= 500 ? 'ok' : 'drop'
  },
}

/** Nothing invisible, no markup: what a renderer or a reader could take for something else. */
export const isPlain: Check = {
  id: 'L1',
  run(claim) {
    const text = cleanText(claim.text)
      .replaceAll(/(?<![\p{L}\p{N}])[*_~`]{1,3}(?=\S)|(?<=\S)[*_~`]{1,3}(?![\p{L}\p{N}])/gu, '')
      .replaceAll(/^[\s#>*•-]+/g, '')
      .replaceAll(/\[(?:[mp]\d+(?:[,;\s]+[mp]\d+)*)\]/g, '')
      .replaceAll(/\s+([.,;!?])|\s+/g, (space, mark?: string) => mark ?? ' ')
      .trim()
    return { ...claim, text }
  },
}

/** Links, mentions and pictures are ours to make: a claim that brings one is refused. */
export const hasNoLinks: Check = {
  id: 'U1',
  run({ text, cites }, given) {
    if (
      /\[(?:link|e-mail|mention|secret)\]|!\[|\]\(|<[a-z!/@#]|@(?:everyone|here|channel|all)\b|(?<!\w)@\w|:\/\/|\bwww\./i.test(
        text,
      )
    )
      return 'drop'
    const hosts =
      text.match(
        /\b[\w-]+(?:\.[\w-]+)*\.(?:com|org|net|io|xyz|app|dev|gg|me|co|info|link|site|online|finance|eth|example|test)\b/gi,
      ) ?? []
    const cited = cites.map((id) => given.passages.get(id)?.text ?? '').join(' ')
    return hosts.every((host) => cited.includes(host) && host.endsWith('.eth')) ? 'ok' : 'drop'
  },
}

const typed =
  /\b(?:[A-Z]{2,6}-?\d{1,6}|[A-Z]{2,6} ?#\d{1,6}|(?:PR|pull request|issue|proposal) ?#? ?\d{1,8})\b|#\d{1,8}\b|\b0x[0-9a-fA-F]{6,64}\b/g

/** An identifier is in the sources with the same type: EIP-7928 is not pull request 7928. */
export const identifiersExist: Check = {
  id: 'I1',
  run({ text }, given) {
    const named = ownWords(text).match(typed) ?? []
    if (!named.length) return 'ok'
    const known = new Set<string>()
    for (const { text: source, heading } of given.passages.values())
      for (const one of `${heading}\n${source}`.match(typed) ?? []) known.add(identifier(one))
    return named.every((one) => known.has(identifier(one))) ? 'ok' : 'drop'
  },
}

function identifier(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/[\s#-]+/g, '')
    .replace(/^pullrequest/, 'pr')
}

const counting =
  /\b(?:consensus|unanim\w+|everyone|everybody|nobody|no one|all (?:members|participants|delegates|voters|commenters)|the majority|(?:a|large|vast|clear|overwhelming) majority|most (?:people|members|participants|delegates|voters|commenters|of the)|overwhelming\w*|widespread|universal\w*|broad (?:support|agreement))\b/i

/** How many think so is a matter of counting: with the voices cited here it has to be true. */
export const countsAllow: Check = {
  id: 'Q1',
  run({ text, cites }, given) {
    const word = counting.exec(text)?.[0]
    if (!word) return 'ok'
    const cited = cites.flatMap((id) => given.passages.get(id) ?? [])
    if (
      cited.every(({ kind, text: source }) => kind === 'proposal' && source.toLowerCase().includes(word.toLowerCase()))
    )
      return 'ok'
    const voices = new Set(cited.flatMap(({ author }) => author ?? [])).size
    const needed = /major|most|broad|wide/i.test(word) ? Math.floor(given.authors.length / 2) + 1 : given.authors.length
    return voices >= Math.max(2, needed) ? 'ok' : 'drop'
  },
}
