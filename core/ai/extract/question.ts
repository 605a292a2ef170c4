import type { Passage } from '../sources.ts'
import { termsOf } from '../words.ts'

const k1 = 1.2
const b = 0.75
const neighbour = 0.5

/** A question without a model: up to three passages, verbatim. "I cannot phrase an answer without a model" is the caller's line. */
export function findPassages(passages: Passage[], question: string, most = 3): Passage[] {
  const { score } = rankPassages(passages, question)
  return passages
    .map((passage, i) => ({ passage, value: score[i] ?? 0 }))
    .filter(({ value }) => value > 0)
    .sort((one, other) => other.value - one.value)
    .slice(0, most)
    .map(({ passage }) => passage)
}

/** BM25; a passage also profits from its neighbours, for an answer often stands next to the words of the question. */
export function rankPassages(passages: Pick<Passage, 'text' | 'author'>[], question: string): { score: number[] } {
  const texts = passages.map(({ text, author }) => termsOf(`${author ?? ''} ${text}`))
  const average = texts.reduce((sum, terms) => sum + terms.length, 0) / (texts.length || 1) || 1
  const wanted = [...new Set(termsOf(question))]
  const holders = new Map(wanted.map((term) => [term, texts.filter((terms) => terms.includes(term)).length]))
  const plain = texts.map((terms) => {
    let sum = 0
    for (const term of wanted) {
      const count = terms.filter((one) => one === term).length
      if (!count) continue
      const having = holders.get(term) ?? 0
      const idf = Math.log(1 + (texts.length - having + 0.5) / (having + 0.5))
      sum += (idf * count * (k1 + 1)) / (count + k1 * (1 - b + (b * terms.length) / average))
    }
    return sum
  })
  return {
    score: plain.map(
      (own, i) =>
        own +
        neighbour * ((plain[i - 1] ?? 0) + (plain[i + 1] ?? 0)) +
        (neighbour / 2) * ((plain[i - 2] ?? 0) + (plain[i + 2] ?? 0)),
    ),
  }
}
