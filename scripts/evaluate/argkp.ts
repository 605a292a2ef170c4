import { sentencesOf } from '../../core/ai/extract/corpus.ts'
import { representative } from '../../core/ai/extract/sides.ts'
import { readPassages } from '../../core/ai/sources.ts'

const enough = 5

/**
 * ArgKP: of the key points of a side that at least five arguments make, how many are touched by as many picked arguments
 * as there are key points, in percent; the mean over all sides, and the worst one.
 */
export function evaluateSides(files: { arguments: string; labels: string }): { mean: number; worst: number } {
  const pointsOf = new Map<string, Set<string>>()
  for (const [argument = '', point = '', label] of readCsv(files.labels)) {
    if (label !== '1') continue
    pointsOf.set(argument, (pointsOf.get(argument) ?? new Set()).add(point))
  }
  const sides = Map.groupBy(readCsv(files.arguments), ([, , topic, stance]) => `${topic}/${stance}`)
  const shares: number[] = []
  for (const rows of sides.values()) {
    const counts = new Map<string, number>()
    for (const [id = ''] of rows)
      for (const point of pointsOf.get(id) ?? []) counts.set(point, (counts.get(point) ?? 0) + 1)
    const points = [...counts].filter(([, count]) => count >= enough).map(([point]) => point)
    if (points.length === 0) continue
    const messages = readPassages({
      title: '',
      body: '',
      messages: rows.map(([id = '', text = ''], at) => ({ author: id, at, text })),
    })
    const picked = representative(sentencesOf(messages), points.length)
    const touched = new Set(picked.flatMap(({ source }) => [...(pointsOf.get(source.author ?? '') ?? [])]))
    shares.push((100 * points.filter((point) => touched.has(point)).length) / points.length)
  }
  return { mean: shares.reduce((sum, share) => sum + share, 0) / shares.length, worst: Math.min(...shares) }
}

/** Rows without the head; quoted fields may hold commas. */
function readCsv(text: string): string[][] {
  return text
    .trim()
    .split(/\r?\n/)
    .slice(1)
    .map((line) =>
      [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
        ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '',
      ),
    )
}
