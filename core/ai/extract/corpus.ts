import type { Passage } from '../sources.ts'
import { splitSentences } from '../sentences.ts'
import { countWords, termsOf } from '../words.ts'

/** A sentence that may be shown: a verbatim piece of its source, in reading order. */
export type Sentence = { source: Passage; text: string; words: number; terms: string[]; order: number }

export type Vector = Map<string, number>

/**
 * The graph's cost grows with pairs of sentences, and nothing else runs in this process meanwhile; past this only the
 * richest sentences of each stretch take part.
 */
const most = 1_500
const fewestWords = 6
const mostWords = 50

export function sentencesOf(passages: Passage[]): Sentence[] {
  const found: Sentence[] = []
  for (const source of passages)
    for (const text of splitSentences(source.text)) {
      const terms = termsOf(text)
      if (terms.length) found.push({ source, text, words: countWords(text), terms, order: found.length })
    }
  return found
}

/** Fit to be shown alone: neither an exclamation nor a wall of words. */
export function isReadable({ words, terms }: Sentence): boolean {
  return words >= fewestWords && words <= mostWords && terms.length >= 3
}

export function richest(sentences: Sentence[]): Sentence[] {
  if (sentences.length <= most) return sentences
  const stretch = Math.ceil(sentences.length / 100)
  const keep = Math.floor(most / 100)
  const kept: Sentence[] = []
  for (let from = 0; from < sentences.length; from += stretch)
    kept.push(
      ...sentences
        .slice(from, from + stretch)
        .sort((a, b) => new Set(b.terms).size - new Set(a.terms).size || a.order - b.order)
        .slice(0, keep)
        .sort((a, b) => a.order - b.order),
    )
  return kept
}

/** How telling a term is among these texts. */
export function inverseFrequency(texts: string[][]): (term: string) => number {
  const seen = new Map<string, number>()
  for (const terms of texts) for (const term of new Set(terms)) seen.set(term, (seen.get(term) ?? 0) + 1)
  return (term) => Math.log(1 + texts.length / ((seen.get(term) ?? 0) + 0.5))
}

/** tf-idf of length one, so that a dot product is the cosine. */
export function vectorsOf(texts: string[][]): Vector[] {
  const idf = inverseFrequency(texts)
  return texts.map((terms) => {
    const vector: Vector = new Map()
    for (const term of terms) vector.set(term, (vector.get(term) ?? 0) + 1)
    let square = 0
    for (const [term, count] of vector) {
      const weight = count * idf(term)
      vector.set(term, weight)
      square += weight * weight
    }
    const length = Math.sqrt(square) || 1
    for (const [term, weight] of vector) vector.set(term, weight / length)
    return vector
  })
}

export function cosine(a: Vector, b: Vector): number {
  const [small, large] = a.size < b.size ? [a, b] : [b, a]
  let sum = 0
  for (const [term, weight] of small) sum += weight * (large.get(term) ?? 0)
  return sum
}
