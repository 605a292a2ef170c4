import fs from 'node:fs'
import path from 'node:path'
import type { Ranking } from '../../../core/voting/run-off.ts'

export type Election = { names: string[]; rankings: Ranking[]; ballots: number }

const race = '2013_minneapolis_mayor'
const writeIn = 'UWI'

/**
 * Every ballot of the election, those alike together, as its rules read them: a rank with two names ends a ballot, and so do
 * two ranks left blank in a row. Names written in that nobody declared are an option of their own, the last.
 */
export function readElection(folder: string): Election {
  const config = JSON.parse(fs.readFileSync(path.join(folder, `${race}_config.json`), 'utf8')) as {
    candidates: { name: string }[]
  }
  const names = [...config.candidates.map(({ name }) => name), writeIn]
  const options = new Map(names.map((name, option) => [name, option]))
  const lines = fs
    .readFileSync(path.join(folder, `${race}_ballots_aggregated.csv`), 'utf8')
    .trim()
    .split('\n')
    .slice(1)
  const rankings = lines.map((line) => {
    const cells = [...line.trim().matchAll(/"([^"]*)"|([^,]+)/g)].map(([, quoted, plain]) => quoted ?? plain!)
    return { ranking: read(cells.slice(0, -1), options), weight: BigInt(cells.at(-1)!) }
  })
  return { names, rankings, ballots: Number(rankings.reduce((sum, { weight }) => sum + weight, 0n)) }
}

/** As the official count does first: nobody can be elected whose name is not known. */
export function withoutWriteIns({ names, rankings, ballots }: Election): Election {
  const last = names.length - 1
  const kept = rankings.map(({ ranking, weight }) => ({ ranking: ranking.filter((option) => option !== last), weight }))
  return { names: names.slice(0, -1), rankings: kept, ballots }
}

function read(ranks: string[], options: Map<string, number>): number[] {
  const ranking: number[] = []
  for (const [place, name] of ranks.entries()) {
    if (name === 'overvote') break
    if (name === 'undervote') {
      if (ranks[place + 1] === 'undervote') break
      continue
    }
    const option = options.get(name)
    if (option === undefined) throw new Error(`“${name}” is not a candidate`)
    if (!ranking.includes(option)) ranking.push(option)
  }
  return ranking
}
