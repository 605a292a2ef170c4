import { vectorsOf, type Sentence, type Vector } from './corpus.ts'

type Edges = { to: number[]; weight: number[] }[]

const damping = 0.85
const enoughEdges = 60

/** How central each sentence is, 0 to 1: 0.6 LexRank + 0.4 TextRank, less for short ones. */
export function centrality(sentences: Sentence[]): { score: number[]; vectors: Vector[] } {
  const vectors = vectorsOf(sentences.map(({ terms }) => terms))
  const lex = scaled(rank(cosineEdges(vectors)))
  const text = scaled(rank(overlapEdges(sentences)))
  const score = sentences.map(({ words }, i) => (0.6 * (lex[i] ?? 0) + 0.4 * (text[i] ?? 0)) * Math.min(1, words / 18))
  return { score, vectors }
}

/** LexRank: sentences that say similar things, found through the words they share. */
function cosineEdges(vectors: Vector[]): Edges {
  const index = new Map<string, { at: number[]; weight: number[] }>()
  for (const [i, vector] of vectors.entries())
    for (const [term, weight] of vector) {
      const entry = index.get(term) ?? { at: [], weight: [] }
      entry.at.push(i)
      entry.weight.push(weight)
      index.set(term, entry)
    }
  return vectors.map((vector, i) => {
    const sums = new Map<number, number>()
    for (const [term, weight] of vector) {
      const entry = index.get(term)
      if (!entry || entry.at.length > tooCommon(vectors.length)) continue
      for (const [k, j] of entry.at.entries())
        if (j !== i) sums.set(j, (sums.get(j) ?? 0) + weight * (entry.weight[k] ?? 0))
    }
    return strongest(sums, 0.1)
  })
}

/** TextRank: shared words over the logarithms of both lengths. */
function overlapEdges(sentences: Sentence[]): Edges {
  const sets = sentences.map(({ terms }) => new Set(terms))
  const index = new Map<string, number[]>()
  for (const [i, set] of sets.entries())
    for (const term of set) {
      const at = index.get(term)
      if (at) at.push(i)
      else index.set(term, [i])
    }
  return sets.map((set, i) => {
    const sums = new Map<number, number>()
    for (const term of set) {
      const at = index.get(term) ?? []
      if (at.length > tooCommon(sets.length)) continue
      for (const j of at) if (j !== i) sums.set(j, (sums.get(j) ?? 0) + 1)
    }
    for (const [j, shared] of sums)
      sums.set(j, shared / (Math.log(1 + set.size) + Math.log(1 + (sets[j]?.size ?? 0)) || 1))
    return strongest(sums, 0)
  })
}

/** A word in every other sentence of a long text links all with all and says nothing. */
function tooCommon(count: number): number {
  return Math.max(200, count / 4)
}

function strongest(sums: Map<number, number>, least: number): Edges[number] {
  let edges = [...sums].filter(([, weight]) => weight > least)
  if (edges.length > enoughEdges) edges = edges.sort((a, b) => b[1] - a[1] || a[0] - b[0]).slice(0, enoughEdges)
  return { to: edges.map(([j]) => j), weight: edges.map(([, weight]) => weight) }
}

/** Power iteration of PageRank over weighted edges. */
function rank(edges: Edges): number[] {
  const count = edges.length
  let score = new Float64Array(count).fill(1 / count)
  const out = edges.map(({ weight }) => weight.reduce((sum, one) => sum + one, 0))
  for (let round = 0; round < 50; round += 1) {
    const next = new Float64Array(count).fill((1 - damping) / count)
    for (const [i, { to, weight }] of edges.entries()) {
      const share = (damping * (score[i] ?? 0)) / (out[i] || 1)
      for (const [k, j] of to.entries()) next[j] = (next[j] ?? 0) + share * (weight[k] ?? 0)
    }
    let change = 0
    for (let i = 0; i < count; i += 1) change += Math.abs((next[i] ?? 0) - (score[i] ?? 0))
    score = next
    if (change < 1e-6) break
  }
  return [...score]
}

function scaled(values: number[]): number[] {
  const most = values.reduce((max, value) => Math.max(max, value), 0) || 1
  return values.map((value) => value / most)
}
