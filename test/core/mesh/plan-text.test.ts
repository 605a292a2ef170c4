import { describe, expect, test } from 'vitest'
import { readPlan, type PlanGround } from '../../../core/mesh/plan-text.ts'

const ground: PlanGround = {
  requirements: ['It has words', 'It has pictures'],
  domains: [
    { id: '0xaa', name: 'writing' },
    { id: '0xbb', name: 'design' },
  ],
  unit: { symbol: 'NOMIC', decimals: 18 },
}
const good = [
  'First the parts.',
  '1. Write | writing | 60% | covers 1-2 | accept: good | 2w | stake 1,000.5',
  '- Together | 40% | design | 36h | accepted when: all fits',
]
const faultsOf = (...lines: string[]): string[] => readPlan(lines.join('\n'), ground).faults

describe('a plan', () => {
  test('is read from lines, in any order of their parts', () => {
    expect(readPlan(good.join('\n'), ground)).toEqual({
      summary: 'First the parts.',
      faults: [],
      tasks: [
        {
          title: 'Write',
          acceptance: 'good',
          domain: '0xaa',
          weight: 6_000,
          dependencies: 0,
          covers: 3,
          workTime: 1_209_600,
          minStake: '1000500000000000000000',
        },
        {
          title: 'Together',
          acceptance: 'all fits',
          domain: '0xbb',
          weight: 4_000,
          dependencies: 1,
          covers: 0,
          workTime: 129_600,
          minStake: '0',
        },
      ],
    })
  })

  test('names a task that needs a later one, itself, or one that is not there', () => {
    const [, write, together] = good as [string, string, string]
    expect(faultsOf(`${write} | needs 2`, together.replace('40%', '40% | needs none'))).toEqual([
      'Task 1 needs task 2, which comes after it: put task 2 first.',
      'The last task puts the others together, so it needs all of them; it lacks 1.',
    ])
    expect(faultsOf(`${write} | needs 1`, together)).toEqual(['Task 1 needs itself.'])
    expect(faultsOf(`${write} | needs 7`, together)).toEqual(['Task 1 needs task 7, and there is no such task.'])
    expect(faultsOf(`${write} | needs 2`, together)).toEqual(['Tasks 1 → 2 → 1 need one another in a circle.'])
  })

  test('names what a task lacks, and what it cannot be', () => {
    expect(faultsOf('Write | writing | 60% | covers all | 10m | stake lots | accept: good', good[2] ?? '')).toEqual([
      'Task 1: “lots” is not an amount of NOMIC.',
      'Task 1: its time to work must be from 1h to 180d.',
    ])
    expect(faultsOf('|', '|')).toContain('Task 1: it has no title.')
    expect(faultsOf('Alone | writing | 100% | covers all | 1d | accept: good')).toEqual([
      'A plan has at least two tasks: the work, and putting it together.',
    ])
  })

  test('must cover each requirement, and share all of the money', () => {
    const [, write, together] = good as [string, string, string]
    expect(faultsOf(write.replace('covers 1-2', 'covers 2, 5').replace('60%', '70%'), together)).toEqual([
      'The shares sum to 110 %, not to 100 %: 10 % too much.',
      'No task covers requirement 1 (“It has words”).',
      'There is no requirement 5.',
    ])
  })
})
