import type { Passage } from './sources.ts'
import { estimateTokens } from './tokens.ts'

export type Chunk = Passage[]

const mostChunks = 12

/** Sources in the order they stand, in parts of a given size. What does not fit is left out from the middle of the discussion. */
export function packChunks(passages: Passage[], tokens: number): Chunk[] {
  const chunks: Chunk[] = []
  let chunk: Chunk = []
  let size = 0
  for (const passage of passages) {
    const cost = estimateTokens(passage.text) + 30
    if (chunk.length && size + cost > tokens) {
      chunks.push(chunk)
      chunk = []
      size = 0
    }
    chunk.push(passage)
    size += cost
  }
  if (chunk.length) chunks.push(chunk)
  if (chunks.length <= mostChunks) return chunks
  const step = (chunks.length - 1) / (mostChunks - 1)
  return Array.from({ length: mostChunks }, (_, i) => chunks[Math.round(i * step)] ?? [])
}

export function halves(chunk: Chunk): Chunk[] {
  const middle = Math.ceil(chunk.length / 2)
  return [chunk.slice(0, middle), chunk.slice(middle)]
}
