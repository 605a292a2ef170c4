import { describe, expect, test } from 'vitest'
import { approval } from '../../../core/voting/approval.ts'
import { choice } from '../../../core/voting/choice.ts'
import { ranked, rounds } from '../../../core/voting/ranked.ts'
import { weighted } from '../../../core/voting/weighted.ts'
import { hasShared, readShared } from '../../support/shared.ts'

type Sample<Choice> = {
  proposal: { choices: string[] }
  scores: number[]
  votes: { choice: Choice; balance: number }[]
}

/** A vote in Snapshot's samples weighs 1; here that is 10^18, as a token has it. */
const unit = 10n ** 18n

// Quadratic and Copeland samples are not among the shared data.
describe.skipIf(!hasShared)('real votes of Snapshot come to the scores it gives', () => {
  test('single choice', () => {
    const { votes, scores } = sample<number>('singleChoice')
    const answers = votes.map((vote) => ({ answer: [vote.choice - 1], weight: BigInt(vote.balance) }))
    expect(answers).toHaveLength(759)
    expect(choice.tally(answers, scores.length).votes).toEqual(scores.map(BigInt))
  })

  test('approval', () => {
    const { votes, scores } = sample<number[]>('approval')
    const answers = votes.map((vote) => ({ answer: vote.choice.map((n) => n - 1), weight: BigInt(vote.balance) }))
    const tally = approval.tally(answers, scores.length)
    expect(tally.votes).toEqual(scores.map(BigInt))
    // 19 of the 406 approve of nothing, which is no answer here.
    expect(answers).toHaveLength(406)
    expect(tally.participating).toBe(387n)
  })

  test('ranked choice', () => {
    const { votes, scores } = sample<number[]>('rankedChoice')
    const answers = votes.map((vote) => ({ answer: vote.choice.map((n) => n - 1), weight: BigInt(vote.balance) }))
    const result = rounds(answers, scores.length, 'active')
    expect(result.rounds.at(-1)!.votes).toEqual(scores.map(BigInt))
    expect(ranked.outcome(answers, scores.length, { majority: 'active' }).winner).toBe(0)
  })

  test('weighted, without losing a vote', () => {
    // One part is 0.3: all are taken tenfold.
    const { votes, scores } = sample<Record<string, number>>('weighted')
    const answers = votes.map((vote) => ({
      answer: new Map(Object.entries(vote.choice).map(([n, parts]) => [Number(n) - 1, BigInt(parts * 10)] as const)),
      weight: BigInt(vote.balance) * unit,
    }))
    const tally = weighted.tally(answers, scores.length)
    expect(tally.votes.reduce((sum, each) => sum + each, 0n)).toBe(543n * unit)
    // They add floating point numbers up; ours are exact.
    for (const [option, score] of scores.entries()) expect(Number(tally.votes[option]) / 1e18).toBeCloseTo(score, 9)
  })
})

function sample<Choice>(name: string): Sample<Choice> {
  return JSON.parse(readShared(`data/governance/snapshot/${name}.json`)) as Sample<Choice>
}
