import { vectorsOf, cosine, type Sentence } from './corpus.ts'

const view = 8

/** Number of the segment of each sentence: the talk is cut where the words before and after have least in common. */
export function segmentsOf(sentences: Sentence[], count: number): number[] {
  const wanted = Math.min(count, Math.floor(sentences.length / 3))
  if (wanted < 2) return sentences.map(() => 0)
  const gaps: { at: number; cohesion: number }[] = []
  const step = Math.max(1, Math.floor(sentences.length / 400))
  const width = Math.max(view, step * 2)
  const blocks: string[][] = []
  const places: number[] = []
  for (let at = step; at < sentences.length; at += step) {
    places.push(at)
    blocks.push(termsBetween(sentences, at - width, at), termsBetween(sentences, at, at + width))
  }
  const vectors = vectorsOf(blocks)
  for (const [k, at] of places.entries()) {
    const [before, after] = [vectors[2 * k], vectors[2 * k + 1]]
    if (before && after) gaps.push({ at, cohesion: cosine(before, after) })
  }
  const apart = Math.max(2, sentences.length / (wanted * 3))
  const cuts: number[] = []
  for (const { at } of gaps.sort((a, b) => a.cohesion - b.cohesion || a.at - b.at)) {
    if (cuts.length === wanted - 1) break
    const room = [0, sentences.length, ...cuts].every((cut) => Math.abs(cut - at) >= apart)
    if (room) cuts.push(at)
  }
  return sentences.map((_, i) => cuts.filter((cut) => cut <= i).length)
}

function termsBetween(sentences: Sentence[], from: number, to: number): string[] {
  return sentences.slice(Math.max(0, from), to).flatMap(({ terms }) => terms)
}
