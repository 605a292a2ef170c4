import fs from 'node:fs'
import { describe, expect, test } from 'vitest'
import { readPassages } from '../../../core/ai/sources.ts'
import type { Claim, Fact } from '../../../core/ai/types.ts'
import { givenOf } from '../../../core/ai/verify/given.ts'
import { verifyClaims } from '../../../core/ai/verify/verify.ts'
import { hasShared, readShared, shared } from '../../support/shared.ts'

const passages = readPassages({
  title: 'Fund the bridge watchers',
  body: `The bridge has no independent watchers, so a faulty withdrawal could stay unnoticed for days.

This proposal pays 50,000 OP to the watcher team Lighthouse for twelve months of monitoring, under EIP-7928.

Payments start on 2026-03-01 and five delegates release them.`,
  messages: [
    {
      author: 'Alice',
      at: 1,
      text: 'I support this because "independent monitoring" makes withdrawals safer for all of us.',
    },
    { author: 'Bob', at: 2, text: 'I am against this, 1.2M tokens a year are too expensive for a monthly report.' },
    { author: 'Carol', at: 3, text: 'Who selects the delegates that release the payments?' },
  ],
})
const facts: Fact[] = [
  { id: 'status', label: 'Status', kind: 'status', value: 'Defeated', source: 'chain' },
  { id: 'for', label: 'Votes for', kind: 'tally', value: '1,200,345 OP', source: 'chain' },
  { id: 'a1', label: 'amount in the text', kind: 'amount', value: '50,000 OP', source: 'p3' },
]
const given = givenOf(passages, facts)

type Drafted = Pick<Claim, 'text' | 'cites'> & Partial<Claim>
const verdictOf = (claim: Drafted): string => {
  const { claims, dropped } = verifyClaims([{ kind: 'point', state: 'ok', ...claim } as Claim], given)
  return claims[0]?.state ?? Object.keys(dropped)[0] ?? 'nothing'
}

describe('a good claim passes', () => {
  test.each<[string, Drafted]>([
    ['in other words than its source', { text: 'The bridge has no independent watchers today.', cites: ['p2'] }],
    [
      'with a figure by name',
      { text: 'The watcher team Lighthouse is paid {{fact:a1}} for monitoring.', cites: ['p3'] },
    ],
    [
      'with the amount of a participant it names',
      { text: 'Bob finds 1,200,000 tokens a year too expensive.', cites: ['m2'] },
    ],
    ['with a number spelled otherwise', { text: 'Lighthouse is paid for 12 months of monitoring.', cites: ['p3'] }],
    ['with an identifier of its source', { text: 'The watcher team Lighthouse works under EIP-7928.', cites: ['p3'] }],
    ['with a quote', { text: 'Alice says that "independent monitoring" makes withdrawals safer.', cites: ['m1'] }],
    [
      'with several sources',
      { text: 'Carol asks who selects the delegates that release payments.', cites: ['m3', 'p4'] },
    ],
  ])('%s', (_, claim) => {
    expect(verdictOf(claim)).toBe('ok')
  })
})

describe('a bad claim is refused', () => {
  test.each<[string, string, Drafted]>([
    ['C1', 'that cites nothing', { text: 'The bridge has no independent watchers today.', cites: [] }],
    ['C1', 'that cites what was not given', { text: 'The bridge has no independent watchers.', cites: ['p2', 'm77'] }],
    ['C2', 'that cites the wrong source', { text: 'A faulty withdrawal could stay unnoticed.', cites: ['m3'] }],
    ['C2', 'that is made up', { text: 'Penguins inhabit antarctic glaciers during wintertime.', cites: ['p2'] }],
    [
      'C3',
      'with a word of the quote changed',
      { text: 'Alice says "independent monitors" make withdrawals safer.', cites: ['m1'] },
    ],
    [
      'N1',
      'with a participant’s amount changed',
      { text: 'Bob finds 1.3M tokens a year too expensive.', cites: ['m2'] },
    ],
    [
      'N2',
      'that types a figure of the proposal',
      { text: 'The watcher team Lighthouse gets 50,000 OP for monitoring.', cites: ['p3'] },
    ],
    [
      'N2',
      'that types a date of the proposal',
      { text: 'Payments start on 2026-03-01 by five delegates.', cites: ['p4'] },
    ],
    ['N2', 'that puts the tally into a mouth', { text: 'Alice supports this with 1,200,345 votes.', cites: ['m1'] }],
    ['N2', 'with a fact that is none', { text: 'The bridge has {{fact:zz}} independent watchers.', cites: ['p2'] }],
    ['N2', 'with something like a fact', { text: 'The bridge has {{status}} independent watchers.', cites: ['p2'] }],
    [
      'N2',
      'with a fact of a paragraph it does not cite',
      { text: 'The bridge has no watchers for {{fact:a1}}.', cites: ['p2'] },
    ],
    [
      'P1',
      'that turns the outcome round',
      { text: 'Carol asks who selects delegates and the vote passed.', cites: ['m3'] },
    ],
    [
      'Q1',
      'that counts one for all',
      { text: 'Everyone agrees that monitoring makes withdrawals safer.', cites: ['m1'] },
    ],
    ['I1', 'with another identifier', { text: 'The watcher team Lighthouse works under EIP-7982.', cites: ['p3'] }],
    [
      'I1',
      'with an identifier of another type',
      { text: 'The watcher team Lighthouse works under PR 7928.', cites: ['p3'] },
    ],
    ['S1', 'that is no sentence', { text: 'Watchers!', cites: ['p2'] }],
    ['S1', 'without an end', { text: `The bridge has no watchers ${'and none '.repeat(60)}`, cites: ['p2'] }],
    ['U1', 'with a link', { text: 'The bridge has no independent watchers, see https://evil.test', cites: ['p2'] }],
    ['U1', 'with a link in words', { text: 'The bridge [has no](//evil.test) independent watchers.', cites: ['p2'] }],
    ['U1', 'with a host alone', { text: 'The bridge has no independent watchers, says evil.com', cites: ['p2'] }],
    [
      'U1',
      'with a link hidden by a letter',
      { text: 'The bridge has no watchers, see ht\u200btps://evil.test', cites: ['p2'] },
    ],
    ['U1', 'with a mention', { text: 'The bridge has no independent watchers @here now.', cites: ['p2'] }],
    [
      'U1',
      'with a mention of a platform',
      { text: 'The bridge has no independent watchers <@1234> now.', cites: ['p2'] },
    ],
    ['U1', 'with HTML', { text: 'The bridge has <b>no</b> independent watchers today.', cites: ['p2'] }],
  ])('by %s: one %s', (check, _, claim) => {
    expect(verdictOf(claim)).toBe(check)
  })

  test('but one with a small number of its own is shown with a mark', () => {
    expect(verdictOf({ text: 'The bridge has no 2 independent watchers.', cites: ['p2'] })).toBe('weak')
  })

  test('but one that is only half borne out is shown with a mark', () => {
    const text = 'The bridge has independent penguins that swim quickly.'
    expect(verdictOf({ text, cites: ['p2'] })).toBe('weak')
  })

  test('but one that names somebody else is shown without the name', () => {
    const text = 'Carol is against tokens for a monthly report, too expensive.'
    const { claims } = verifyClaims([{ text, cites: ['m2'], kind: 'point', state: 'ok' } as Claim], given)
    expect(claims).toMatchObject([{ text: text.replace('Carol', 'One participant'), state: 'weak' }])
  })
})

const snapshot = (): { title: string; choices: string[]; scores: number[] }[] =>
  fs
    .readdirSync(shared('data/ai/optimism-snapshot'))
    .filter((file) => file.endsWith('.jsonl'))
    .flatMap((file) => readShared(`data/ai/optimism-snapshot/${file}`).trim().split('\n'))
    .map((line) => JSON.parse(line) as { title: string; choices: string[]; scores: number[] })
    .filter(({ scores }) => scores.length >= 2 && scores.every((score) => score > 0))

/** A tally as a model might get it wrong. */
const mutations: Record<string, (one: number, other: number) => number> = {
  'off by one': (one) => one + 1,
  'a digit turned': (one) =>
    Number(String(Math.round(one)).replace(/\d$/, (digit) => String((Number(digit) + 5) % 10))),
  'ten times as much': (one) => one * 10,
  'a tenth of it': (one) => one / 10,
  'the other side’s': (_, other) => other,
  'the sum of both': (one, other) => one + other,
  rounded: (one) => Number(one.toPrecision(2)),
}

const phrases: ((figure: string, raw: number) => string)[] = [
  (figure) => `The proposal received ${figure} votes for the watchers.`,
  (figure) => `For the watchers of the bridge stand ${figure} OP.`,
  (figure) => `${figure} voted in favour of the independent watchers.`,
  (figure) => `The vote on independent watchers stands at ${figure} for.`,
  (figure) => `The tally for independent watchers is ${figure}.`,
  (figure) => `Support for independent watchers reached ${figure} tokens.`,
  (figure) => `Independent watchers of the bridge won with ${figure} behind them.`,
  (figure) => `Independent watchers of the bridge are backed by ${figure}.`,
  (figure) => `Turnout on independent watchers was ${figure}.`,
  (_, raw) => `About ${(raw / 1e6).toFixed(2)}M stand behind independent watchers.`,
  (_, raw) => `About ${(raw / 1e6).toFixed(1)} million stand behind independent watchers.`,
]

describe.skipIf(!hasShared)('tallies of real votes', () => {
  test('changed in any way and said in any words are refused, every one', () => {
    let tried = 0
    const shown: string[] = []
    for (const { scores } of snapshot()) {
      const [one = 0, other = 0] = scores.toSorted((a, b) => b - a)
      const sheet = givenOf(passages, [
        { id: 'for', label: 'Votes for', kind: 'tally', value: `${one}`, source: 'chain' },
      ])
      for (const [name, mutate] of Object.entries(mutations)) {
        const wrong = mutate(one, other)
        for (const phrase of phrases)
          for (const figure of [
            wrong.toLocaleString('en-US', { maximumFractionDigits: 0 }),
            String(Math.round(wrong)),
          ]) {
            const text = phrase(figure, wrong)
            const { claims } = verifyClaims([{ text, cites: ['p2'], kind: 'point', state: 'ok' } as Claim], sheet)
            tried += 1
            if (claims.length > 0) shown.push(`${name}: ${text}`)
          }
      }
    }
    expect(tried).toBeGreaterThan(5_000)
    expect(shown).toEqual([])
  })
})
