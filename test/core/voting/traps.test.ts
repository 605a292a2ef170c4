import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { approval } from '../../../core/voting/approval.ts'
import { choice } from '../../../core/voting/choice.ts'
import type { Answer } from '../../../core/voting/options.ts'
import { ranked, rounds } from '../../../core/voting/ranked.ts'
import { runOff, type Ranking } from '../../../core/voting/run-off.ts'
import type { Rules, Weighed } from '../../../core/voting/tally.ts'
import { weighted } from '../../../core/voting/weighted.ts'

const plurality: Rules = { majority: 'none' }

describe('single choice and approval', () => {
  test('the first option can win', () => {
    expect(choice.outcome(votes([[0], 5], [[1], 4]), 2, plurality).winner).toBe(0)
    expect(approval.outcome(votes([[0, 1], 5], [[0], 4]), 2, plurality).winner).toBe(0)
    expect(choice.outcome(votes([[1], 1]), 2, { ...plurality, minimum: 2n, fallback: 0 }).winner).toBe(0)
  })

  test('more than half means more than half, also of an odd number', () => {
    const rules: Rules = { majority: 'participating' }
    expect(choice.outcome(votes([[0], 5], [[1], 3], [[2], 2]), 3, rules).verdict).toBe('no majority')
    expect(choice.outcome(votes([[0], 5], [[1], 4]), 3, rules).winner).toBe(0)
  })

  test('a tie for the first place is named and elects nobody, whatever the rule', () => {
    for (const majority of ['none', 'participating', 'active'] as const) {
      const rules = { majority, fallback: 2 }
      const tie = { winner: 2, verdict: 'tie', tied: [0, 1] }
      expect(choice.outcome(votes([[0], 2], [[1], 2], [[2], 1]), 3, rules)).toEqual(tie)
      expect(approval.outcome(votes([[0, 1], 2]), 3, rules)).toEqual(tie)
    }
  })

  test('who abstains never wins and is in no majority, but counts towards the minimum', () => {
    const rules: Rules = { majority: 'participating', minimum: 10n }
    expect(choice.outcome(votes([[1], 1], ['abstain', 9]), 2, rules)).toEqual({
      winner: 1,
      verdict: 'elected',
      tied: [],
    })
    expect(choice.outcome(votes([[1], 1], ['abstain', 8]), 2, rules).verdict).toBe('too few votes')
  })

  test('a poll in which everybody abstains, or nobody votes, has an end', () => {
    for (const list of [votes(['abstain', 9]), votes(), votes([[], 3])]) {
      for (const rule of [choice, approval, ranked]) {
        expect(rule.outcome(list, 3, { majority: 'active' })).toEqual({
          winner: undefined,
          verdict: 'no votes',
          tied: [],
        })
      }
    }
  })

  test('one wei decides among numbers that a float cannot tell apart', () => {
    const big = 10n ** 27n
    const list: Weighed[] = [
      { answer: [0], weight: big },
      { answer: [1], weight: big + 1n },
    ]
    expect(choice.outcome(list, 2, { majority: 'participating' }).winner).toBe(1)
    expect(ranked.outcome(list, 2, { majority: 'participating' }).winner).toBe(1)
  })

  test('the minimum counts votes of all options, each ballot once', () => {
    const rules: Rules = { majority: 'none', minimum: 10n }
    expect(approval.outcome(votes([[0, 1, 2], 4], [[0], 5]), 3, rules).verdict).toBe('too few votes')
    expect(approval.outcome(votes([[0, 1, 2], 4], [[0], 6]), 3, rules).winner).toBe(0)
  })
})

describe('run-off', () => {
  const exhausted = votes([[0, 1], 6], [[1], 5], [[2], 3])

  test('the base of a majority elects or does not: all who took part, or those who still have an option in', () => {
    expect(ranked.outcome(exhausted, 3, { majority: 'participating' }).verdict).toBe('no majority')
    expect(ranked.outcome(exhausted, 3, { majority: 'active' }).winner).toBe(0)
    const { rounds: list } = rounds(exhausted, 3, 'active')
    expect(list.map((round) => [round.votes, round.exhausted])).toEqual([
      [[6n, 5n, 3n], 0n],
      [[6n, 5n, 0n], 3n],
    ])
  })

  test('an option that nobody put first lives on in nothing, and is never a winner by mistake', () => {
    const result = rounds(votes([[0, 3], 4], [[1, 3], 4], [[2, 1], 3]), 4, 'active')
    expect(result.rounds[0]!.out).toEqual([3, 2])
    expect(result.winner).toBe(1)
  })

  test('an option without a first choice comes in by no transfer once it is out, but stays while others are weaker', () => {
    // Nobody put option 2 first; the two weakest have none and one.
    expect(rounds(votes([[0], 5], [[1, 2], 4], [[3, 2], 1]), 4, 'active').rounds[0]!.out).toEqual([2, 3])
  })

  test('a tie for the last place: fewer first choices go, then the last in the list; and it is named', () => {
    const list = rounds(votes([[0], 4], [[1], 2], [[2, 0], 2]), 3, 'active').rounds
    expect(list[0]).toMatchObject({ out: [2], tied: [1, 2] })
    // 1 and 2 have six each in the third round; 2 had more at first.
    const later = rounds(votes([[0], 9], [[1], 5], [[2], 6], [[3, 1], 1], [[4], 4]), 5, 'active').rounds
    expect(later[1]!.votes).toEqual([9n, 6n, 6n, 0n, 4n])
    expect(later[2]).toMatchObject({ votes: [9n, 6n, 6n, 0n, 0n], out: [1], tied: [] })
  })

  test('a tie of the last two is named and elects nobody', () => {
    expect(ranked.outcome(votes([[0], 3], [[1], 3]), 2, { majority: 'active', fallback: 1 })).toEqual({
      winner: 1,
      verdict: 'tie',
      tied: [0, 1],
    })
  })

  test('who abstains is in no base', () => {
    expect(ranked.outcome(votes([[0], 3], [[1], 2], ['abstain', 90]), 2, { majority: 'participating' }).winner).toBe(0)
  })

  test('going at once changes no winner: one by one elects the same', () => {
    fc.assert(
      fc.property(election(), ({ options, rankings }) => {
        const { winner, rounds: list, tied } = runOff(rankings, { options, majority: 'active' })
        fc.pre(list.every((round) => round.tied.length === 0) && tied.length === 0)
        expect(oneByOne(rankings, options)).toBe(winner)
      }),
    )
  })

  test('no vote is lost in any round', () => {
    fc.assert(
      fc.property(election(), ({ options, rankings }) => {
        const all = total(rankings.map(({ weight }) => weight))
        for (const round of runOff(rankings, { options, majority: 'participating' }).rounds) {
          expect(total(round.votes) + round.exhausted).toBe(all)
        }
      }),
    )
  })
})

test('weighted: what does not divide is given once, first to the largest remainder', () => {
  const thirds = new Map([0, 1, 2].map((option) => [option, 1n] as const))
  expect(weighted.tally([{ answer: thirds, weight: 100n }], 3).votes).toEqual([34n, 33n, 33n])
  const uneven = new Map([
    [0, 1n],
    [1, 5n],
  ])
  expect(
    weighted.tally(
      [
        { answer: uneven, weight: 10n },
        { answer: 'abstain', weight: 7n },
      ],
      2,
    ),
  ).toEqual({
    votes: [2n, 8n],
    participating: 10n,
    abstained: 7n,
  })
})

function votes(...list: [Answer, number][]): Weighed[] {
  return list.map(([answer, weight]) => ({ answer, weight: BigInt(weight) }))
}

function total(list: readonly bigint[]): bigint {
  return list.reduce((sum, each) => sum + each, 0n)
}

function election() {
  return fc.integer({ min: 2, max: 8 }).chain((options) =>
    fc.record({
      options: fc.constant(options),
      rankings: fc.array(
        fc.record({
          ranking: fc.shuffledSubarray(
            Array.from({ length: options }, (_, option) => option),
            { minLength: 1 },
          ),
          weight: fc.bigInt({ min: 1n, max: 1000n }),
        }),
        { minLength: 1, maxLength: 30 },
      ),
    }),
  )
}

/** The textbook: the weakest goes, until one is left. */
function oneByOne(rankings: readonly Ranking[], options: number): number | undefined {
  const left = new Set(Array.from({ length: options }, (_, option) => option))
  for (;;) {
    const sums = new Map([...left].map((option) => [option, 0n]))
    for (const { ranking, weight } of rankings) {
      const option = ranking.find((each) => left.has(each))
      if (option !== undefined) sums.set(option, sums.get(option)! + weight)
    }
    const order = [...sums].toSorted(([a, x], [b, y]) => (x < y ? -1 : x > y ? 1 : b - a))
    const [leader, most] = order.at(-1)!
    if (most * 2n > total([...sums.values()])) return leader
    left.delete(order[0]![0])
  }
}
