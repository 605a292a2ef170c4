import path from 'node:path'
import { ranked, rounds } from '../../core/voting/ranked.ts'
import { readElection, withoutWriteIns } from './irv/minneapolis.ts'

const folder = path.resolve(import.meta.dirname, '../../../shared/data/governance/rcv')
const times = 5

/** How long a run-off over every ballot of a real election takes, each ballot one by one; the best of a few. */
export async function run(): Promise<object> {
  const { names, rankings, ballots } = withoutWriteIns(readElection(folder))
  const answers = rankings.flatMap(({ ranking, weight }) =>
    Array.from({ length: Number(weight) }, () => ({ answer: ranking, weight: 1n })),
  )
  let milliseconds = Infinity
  for (let i = 0; i < times; i++) {
    const from = performance.now()
    ranked.outcome(answers, names.length, { majority: 'active' })
    milliseconds = Math.min(milliseconds, performance.now() - from)
  }
  const { winner, rounds: list } = rounds(answers, names.length, 'active')
  const result = {
    ballots,
    options: names.length,
    rounds: list.length,
    winner: names[winner!],
    seconds: milliseconds / 1000,
  }
  console.log(
    `${ballots.toLocaleString('en')} ballots, ${list.length} rounds: ${milliseconds.toFixed(0)} ms; ${result.winner} wins`,
  )
  return result
}
