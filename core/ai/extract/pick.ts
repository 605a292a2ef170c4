import { cosine, isReadable, type Sentence, type Vector } from './corpus.ts'

const lambda = 0.65
const sameSegment = 0.5

/**
 * Maximal marginal relevance: the best sentence that is unlike those already picked, until the words are used up.
 * A second sentence from one segment has to be clearly better. Answers in reading order.
 */
export function pickDiverse(
  sentences: Sentence[],
  options: { score: number[]; vectors: Vector[]; segments?: number[]; words: number; most?: number },
): Sentence[] {
  const { score, vectors, segments } = options
  const open = new Set(sentences.flatMap((sentence, i) => (isReadable(sentence) ? [i] : [])))
  const nearest = new Float64Array(sentences.length)
  const used = new Set<number>()
  const picked: Sentence[] = []
  let left = options.words
  while (open.size && left > 0 && picked.length < (options.most ?? Infinity)) {
    let best = -1
    let bestValue = -Infinity
    for (const i of open) {
      const words = sentences[i]?.words ?? 0
      // The first may always be shown; later ones may run over by a little only.
      if (picked.length && words > left * 1.15) continue
      const again = segments && used.has(segments[i] ?? 0) ? sameSegment : 0
      const value = lambda * (score[i] ?? 0) - (1 - lambda) * (nearest[i] ?? 0) - again
      if (value > bestValue) [best, bestValue] = [i, value]
    }
    const sentence = sentences[best]
    const vector = vectors[best]
    if (!sentence || !vector) break
    open.delete(best)
    picked.push(sentence)
    left -= sentence.words
    if (segments) used.add(segments[best] ?? 0)
    for (const i of open) nearest[i] = Math.max(nearest[i] ?? 0, cosine(vector, vectors[i] ?? new Map()))
  }
  return picked.sort((a, b) => a.order - b.order)
}
