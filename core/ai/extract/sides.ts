import { cosine, isReadable, vectorsOf, type Sentence } from './corpus.ts'
import { stanceOf } from './stance.ts'

/** `took` are the messages that take a side, shown or not. */
export type Sides = { for: Sentence[]; against: Sentence[]; took: Set<string> }

/**
 * Reasons for and against. Both sides get the same number of places; within a side facility location picks sentences
 * that together stand for as much as possible of what that side said.
 */
export function extractSides(sentences: Sentence[], places: number): Sides {
  const side = (stance: 'for' | 'against'): Sentence[] =>
    sentences.filter((sentence) => isReadable(sentence) && stanceOf(sentence) === stance)
  const [favour, against] = [side('for'), side('against')]
  return {
    for: representative(favour, places),
    against: representative(against, places),
    took: new Set([...favour, ...against].map(({ source }) => source.id)),
  }
}

export function representative(sentences: Sentence[], places: number): Sentence[] {
  const vectors = vectorsOf(sentences.map(({ terms }) => terms))
  const covered = new Float64Array(sentences.length)
  const picked = new Set<number>()
  const near = (i: number, j: number): number => {
    const [a, b] = [vectors[i], vectors[j]]
    return i === j ? 1 : a && b ? cosine(a, b) : 0
  }
  // A side with hundreds of sentences is judged by a sample of candidates, spread evenly.
  const step = Math.max(1, Math.ceil(sentences.length / 400))
  while (picked.size < Math.min(places, sentences.length)) {
    let best = -1
    let bestGain = -1
    for (let i = 0; i < sentences.length; i += step) {
      if (picked.has(i)) continue
      let gain = 0
      for (let j = 0; j < sentences.length; j += 1) gain += Math.max(0, near(i, j) - (covered[j] ?? 0))
      if (gain > bestGain) [best, bestGain] = [i, gain]
    }
    if (best < 0) break
    picked.add(best)
    for (let j = 0; j < sentences.length; j += 1) covered[j] = Math.max(covered[j] ?? 0, near(best, j))
  }
  return [...picked].sort((a, b) => a - b).flatMap((i) => sentences[i] ?? [])
}
