import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { approval } from '../../../core/voting/approval.ts'
import { choice } from '../../../core/voting/choice.ts'
import type { PollKind } from '../../../core/db/tables/polls.ts'
import { markBits, pollKinds, pollRules, readMark, writeMark } from '../../../core/voting/paper.ts'
import { ranked } from '../../../core/voting/ranked.ts'
import { weighted } from '../../../core/voting/weighted.ts'

const colours = ['Red', 'Green', 'Blue', 'Dark blue']

describe('what people type', () => {
  test.each([
    ['2', [1]],
    ['blue', [2]],
    ['dark', [3]],
    [' RED ', [0]],
    ['Abstain', 'abstain'],
  ])('single choice: %s', (text, answer) => {
    expect(choice.parse(text, colours)).toEqual(answer)
  })

  test.each([
    ['4, 1', [0, 3]],
    ['green', [1]],
    ['Dark blue,red', [0, 3]],
    ['abstain', 'abstain'],
  ])('approval: %s', (text, answer) => {
    expect(approval.parse(text, colours)).toEqual(answer)
  })

  test.each([
    ['2>1>3', [1, 0, 2]],
    ['3 > dark blue', [2, 3]],
    ['blue, red', [2, 0]],
    ['4', [3]],
  ])('ranked: %s', (text, answer) => {
    expect(ranked.parse(text, colours)).toEqual(answer)
  })

  test('a label comes before a number, and holds any sign', () => {
    const years = ['2027', '1', 'Now, or > never']
    expect(choice.parse('1', years)).toEqual([1])
    expect(choice.parse('2', years)).toEqual([1])
    expect(approval.parse('Now, or > never', years)).toEqual([2])
    expect(ranked.parse('now, or > never', years)).toEqual([2])
  })

  test.each(['', '0', '5', 'd b', 'purple', '1.0', '-1', '1e0', '2,abstain', '1,1', '1>'])('refuses “%s”', (text) => {
    expect(() => approval.parse(text, colours)).toThrow(expect.objectContaining({ name: 'UserError' }) as Error)
    expect(() => ranked.parse(text.replaceAll(',', '>'), colours)).toThrow('')
  })

  test('a beginning that two options share names neither', () => {
    expect(() => choice.parse('st', ['Stay', 'Stop'])).toThrow('“st” is not an option of this poll.')
  })

  test('weighted: parts by option', () => {
    expect(weighted.parse('1:50, dark blue: 25, 2', colours)).toEqual(
      new Map([
        [0, 50n],
        [3, 25n],
        [1, 1n],
      ]),
    )
    expect(() => weighted.parse('1:0', colours)).toThrow('No option has a part of the vote.')
    expect(() => weighted.parse('1:1,1:2', colours)).toThrow('“Red” is there twice.')
  })
})

describe('what is signed', () => {
  test('is labels, in the order of a ranking', () => {
    expect(choice.describe([1], colours)).toEqual(['Green'])
    expect(approval.describe([0, 3], colours)).toEqual(['Red', 'Dark blue'])
    expect(ranked.describe([3, 0], colours)).toEqual(['Dark blue', 'Red'])
    expect(ranked.describe('abstain', colours)).toEqual(['Abstain'])
  })

  test('the first choice of a ranking is in the lowest bits, as Maker has it', () => {
    expect(ranked.encode([1, 3], 4)).toBe(0x42n)
    expect(ranked.decode(0x42n, 4)).toEqual([1, 3])
  })

  test.each([
    ['single', 4n, 3],
    ['single', 16n, 15],
    ['approval', 8n, 3],
    ['approval', 9n, 3],
    ['ranked', 0x11n, 3],
    ['ranked', 0x10n, 3],
    ['ranked', 0x4n, 3],
  ] as const)('%s: %d is no answer among %d options', (kind, code, options) => {
    expect(() => pollRules[kind].decode(code, options)).toThrow('This is not an answer')
  })

  test('any paper is read as it was written', () => {
    fc.assert(
      fc.property(
        fc.array(poll(), { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 1, max: 255 }),
        (polls, sequence) => {
          const mark = writeMark(
            polls,
            polls.map((each) => each.answer),
            sequence,
          )
          expect(mark < 1n << BigInt(markBits(polls))).toBe(true)
          expect(readMark(polls, mark)).toEqual({ answers: polls.map((each) => each.answer), sequence })
        },
      ),
    )
  })
})

function poll() {
  return fc.constantFrom<PollKind>(...pollKinds).chain((kind) =>
    fc
      .integer({ min: 2, max: pollRules[kind].most })
      .chain((count) =>
        fc
          .shuffledSubarray(
            Array.from({ length: count }, (_, option) => option),
            { minLength: 1, ...(kind === 'single' && { maxLength: 1 }) },
          )
          .chain((list) =>
            fc.constantFrom(kind === 'approval' ? list.toSorted((a, b) => a - b) : list, 'abstain' as const, undefined),
          )
          .map((answer) => ({ kind, options: Array.from({ length: count }, (_, i) => `Option ${i + 1}`), answer })),
      )
      // A paper has room for 248 bits.
      .filter(({ options }) => pollRules[kind].width(options.length) <= 41),
  )
}
