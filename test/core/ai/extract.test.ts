import { describe, expect, test } from 'vitest'
import { extractDecisions } from '../../../core/ai/extract/decisions.ts'
import { extractDiscussion } from '../../../core/ai/extract/discussion.ts'
import { extractSections } from '../../../core/ai/extract/extract.ts'
import { readPassages } from '../../../core/ai/sources.ts'
import type { Said } from '../../../core/ai/types.ts'

const minute = 60_000
const talk = (texts: (string | [author: string, text: string, stance?: 'for' | 'against'])[]): Said[] =>
  texts.map((one, i) => {
    const [author, text, stance] = typeof one === 'string' ? [`Person ${i}`, one] : one
    return { author, text, at: i * minute, ...(stance ? { stance } : {}) }
  })
const passagesOf = (messages: Said[], body = '') => readPassages({ title: 'A title', body, messages })
const claimsOf = (messages: Said[], body = '') =>
  extractSections(passagesOf(messages, body)).flatMap(({ title, claims }) =>
    claims.map((claim) => ({ title, ...claim })),
  )

const topics = ['treasury', 'auditors', 'validators', 'translation', 'bridges']
const long = talk(
  Array.from(
    { length: 60 },
    (_, i) =>
      `About the ${topics[Math.floor(i / 12)]} people in group ${i} said that the ${topics[Math.floor(i / 12)]} of item ${i % 7} deserve a closer look.`,
  ),
)

describe('a short talk', () => {
  test('gives the first sentence of each message that says something, in order', () => {
    const messages = passagesOf(
      talk([
        'lol',
        'Thanks everyone! The report of the auditors should come before the vote starts. It is late anyway.',
        'The bridge needs a second look by people who know it.',
      ]),
    ).filter(({ kind }) => kind === 'message')
    expect(extractDiscussion(messages, 110).map(({ text }) => text)).toEqual([
      'The report of the auditors should come before the vote starts.',
      'The bridge needs a second look by people who know it.',
    ])
  })
})

describe('a long talk', () => {
  const messages = passagesOf(long).filter(({ kind }) => kind === 'message')

  test('is told from all its parts, in order, within the words there are', () => {
    const shown = extractDiscussion(messages, 110)
    const touched = new Set(shown.map(({ text }) => topics.find((topic) => text.includes(topic))))
    expect(touched.size).toBeGreaterThanOrEqual(4)
    const at = shown.map(({ source }) => source.at ?? 0)
    expect(at).toEqual(at.toSorted((a, b) => a - b))
    expect(shown.reduce((sum, { words }) => sum + words, 0)).toBeLessThan(130)
  })

  test('of thousands of messages is told in a moment', () => {
    const many = Array.from({ length: 5_000 }, (_, i) => ({
      author: `P${i % 90}`,
      at: i,
      text: `The ${topics[i % 5]} of week ${i % 311} need ${i % 17} more people who look at item ${i % 1009} again.`,
    }))
    const from = performance.now()
    expect(extractSections(passagesOf(many)).length).toBeGreaterThan(0)
    expect(performance.now() - from).toBeLessThan(10_000)
  })
})

describe('a proposal', () => {
  test('is told by its parts: headings, amounts, dates and addresses say where a sentence belongs', () => {
    const body = `## Motivation
The bridge has no independent watchers, so a faulty withdrawal could stay unnoticed for days.

## Specification
This proposal sets the quorum of the council to five members and adds a second reviewer.

## Budget
The team Lighthouse receives 50,000 OP on 2026-03-01 at 0x70997970C51812dc3A010C7d01b50e0d17dc79C8 for its work.

## Drawbacks
The watchers could miss an attack that happens on a weekend.`
    const claims = claimsOf([], body)
    for (const [title, words] of [
      ['What it does', 'sets the quorum'],
      ['Why', 'no independent watchers'],
      ['Cost and who', '50,000 OP on 2026-03-01'],
      ['Risks or open questions', 'could miss an attack'],
    ] as const)
      expect(claims.find((claim) => claim.title === title)?.text).toContain(words)
  })
})

describe('for and against', () => {
  const said = talk([
    ['A', 'I support this because independent watchers make the withdrawals of everybody safer.'],
    ['B', 'Independent watchers make withdrawals safer, and I support this for that reason alone.'],
    ['C', 'I support this since the report of the watchers is public and anybody can read it.'],
    ['D', 'I am against this, the price of the reports is far too high for a small DAO.'],
    ['E', 'Nothing of this is needed at this point in the life of the project.', 'against'],
    ['F', 'What do the others in the council think about the price of it?'],
  ])

  test('get the same number of places, by the vote where there is one, else by the words', () => {
    const claims = claimsOf(said)
    const side = (title: string) => claims.filter((claim) => claim.title === title)
    expect(side('Discussion: for')).toHaveLength(2)
    expect(side('Discussion: against')).toHaveLength(2)
    expect(side('Discussion: against').map(({ cites }) => cites[0])).toEqual(['m4', 'm5'])
    expect(side('Discussion: other voices').map(({ cites }) => cites[0])).toEqual(['m6'])
  })

  test('are represented by sentences that stand for different reasons', () => {
    const cites = claimsOf(said)
      .filter(({ title }) => title === 'Discussion: for')
      .map((claim) => claim.cites[0])
    expect(cites).toContain('m3')
  })

  test('are not taken from words that only look like it', () => {
    const titles = claimsOf(talk(['I have no concerns about the bridge watchers and nobody else has any either.'])).map(
      ({ title }) => title,
    )
    expect(titles).not.toContain('Discussion: against')
  })
})

test('decisions and next steps are found, at most one in five messages', () => {
  const messages = passagesOf(
    talk([
      ...Array.from({ length: 12 }, (_, i) => `The weather in town number ${i} was quite nice and people liked it.`),
      'We agreed and decided to include the second reviewer in the final version.',
      'We decided that the final version is accepted and confirmed by the council.',
      ...Array.from({ length: 12 }, (_, i) => `Somebody in town number ${i + 20} saw a bird that nobody knew.`),
      'Next steps: I will share the contract with the team by next Friday.',
    ]),
  ).filter(({ kind }) => kind === 'message')
  const close = messages.map((message) => ({ ...message, at: 0 }))
  const found = extractDecisions(close, 5, { cuesOnly: true })
  expect(found.map(({ kind }) => kind)).toEqual(['decision', 'action'])
  expect(found[0]?.source.id).toMatch(/^m1[34]$/)
})

describe('whatever is shown', () => {
  const body =
    '# T\n\nThe council pays 5 ETH to the team. It starts in May, i.e. soon.\n\n- One item that says something more.'
  test('stands in its source, word for word', () => {
    const passages = passagesOf(long, body)
    const byId = new Map(passages.map((passage) => [passage.id, passage.text]))
    const claims = extractSections(passages).flatMap((section) => section.claims)
    expect(claims.length).toBeGreaterThan(5)
    for (const { text, cites } of claims) expect(byId.get(cites[0] ?? '')).toContain(text)
  })

  test('is the same whatever the order in which messages arrive', () => {
    const shuffled = long.toSorted((a, b) => a.text.length - b.text.length || b.at - a.at)
    expect(extractSections(passagesOf(shuffled, body))).toEqual(extractSections(passagesOf(long, body)))
  })

  test('names first a side that depends on the proposal, not always the same one', () => {
    const said = talk([
      ['A', 'I support this because independent watchers make the withdrawals safer.'],
      ['D', 'I am against this, the price of the reports is far too high for us.'],
    ])
    const first = Array.from(
      { length: 40 },
      (_, i) => claimsOf(said, `Proposal number ${i}.`).find(({ title }) => title.startsWith('Discussion'))?.title,
    )
    expect(new Set(first)).toEqual(new Set(['Discussion: for', 'Discussion: against']))
  })
})
