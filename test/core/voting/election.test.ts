import { describe, expect, test } from 'vitest'
import { ranked, rounds } from '../../../core/voting/ranked.ts'
import type { Weighed } from '../../../core/voting/tally.ts'
import { readElection, withoutWriteIns, type Election } from '../../../scripts/bench/irv/minneapolis.ts'
import { hasShared, readShared, shared } from '../../support/shared.ts'

const folder = 'data/governance/rcv'

type Report = {
  results: { tally: Record<string, string>; tallyResults: { eliminated?: string; elected?: string }[] }[]
}

describe.skipIf(!hasShared)('the election of a mayor by 80,101 real ballots', () => {
  const official = () =>
    JSON.parse(readShared(`${folder}/2013_minneapolis_mayor_expected_detailed_report.json`)) as Report
  const answersOf = (election: Election): Weighed[] =>
    election.rankings.map(({ ranking, weight }) => ({ answer: ranking, weight }))

  test('gives the official first choices', () => {
    const election = readElection(shared(folder))
    expect(election.ballots).toBe(80_101)
    const { votes } = ranked.tally(answersOf(election), election.names.length)
    const names = election.names.map((name) => (name === 'UWI' ? 'Undeclared Write-ins' : name))
    expect(named(names, votes)).toEqual(official().results[0]!.tally)
  })

  test('runs off in the official rounds', () => {
    const election = withoutWriteIns(readElection(shared(folder)))
    const { names } = election
    const result = rounds(answersOf(election), names.length, 'active')
    // Officially the first round takes out the names written in.
    const expected = official().results.slice(1)
    expect(result.rounds).toHaveLength(expected.length)
    for (const [index, round] of result.rounds.entries()) {
      const report = expected[index]!
      expect(named(names, round.votes), `round ${index + 2}`).toEqual(report.tally)
      const out = report.tallyResults.flatMap(({ eliminated }) => eliminated ?? [])
      expect(round.out.map((option) => names[option]!).toSorted()).toEqual(out.toSorted())
      expect(round.tied).toEqual([])
    }
    expect(names[result.winner!]).toBe(expected.at(-1)!.tallyResults[0]!.elected)
  })

  test('elects nobody when more than half must be of all who took part', () => {
    const election = withoutWriteIns(readElection(shared(folder)))
    const outcome = ranked.outcome(answersOf(election), election.names.length, {
      majority: 'participating',
      fallback: 3,
    })
    expect(outcome).toEqual({ winner: 3, verdict: 'no majority', tied: [] })
  })
})

function named(names: readonly string[], votes: readonly bigint[]): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name, option) => (votes[option]! > 0n ? [[name, String(votes[option])]] : [])),
  )
}
