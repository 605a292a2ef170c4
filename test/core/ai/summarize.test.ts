import { pino } from 'pino'
import { afterEach, describe, expect, test } from 'vitest'
import { createModel } from '../../../core/ai/model.ts'
import { summarize } from '../../../core/ai/summarize.ts'
import type { Fact, Summary, SummaryInput } from '../../../core/ai/types.ts'
import {
  completion,
  modelServer,
  sourcesIn,
  type ModelReply,
  type ModelRequest,
  type ModelServer,
} from '../../support/model-server.ts'

const log = pino({ level: 'silent' })
const servers: ModelServer[] = []
afterEach(async () => {
  await Promise.all(servers.splice(0).map(async (server) => server.stop()))
})

const body = `# Fund the bridge watchers

## Motivation
The bridge has no independent watchers, so a faulty withdrawal could stay unnoticed for days.

## Specification
This proposal pays 50,000 OP to the watcher team Lighthouse for twelve months of monitoring.
The team publishes a report every month and a multisig of five delegates releases the payments.

## Risks
The watchers could miss an attack, and the multisig could stop the payments too late.`

const facts: Fact[] = [
  { id: 'status', label: 'Status', kind: 'status', value: 'Defeated', source: 'chain' },
  { id: 'for', label: 'Votes for', kind: 'tally', value: '1,200,345', source: 'chain' },
  { id: 'end', label: 'Voting ends', kind: 'time', value: '2026-12-01 10:00', source: 'chain' },
]

const input: SummaryInput = {
  title: 'Fund the bridge watchers',
  body,
  messages: [
    {
      author: 'Alice',
      at: 1,
      text: 'I support this proposal because independent monitoring makes withdrawals safer.',
      url: 'https://chat.test/1',
    },
    { author: 'Bob', at: 2, text: 'I am against this, fifty thousand tokens are too expensive for a monthly report.' },
    { author: 'Carol', at: 3, text: 'Who selects the five delegates of the multisig?' },
  ],
  facts,
}

type Drafted = { section?: string; kind?: string; stance?: string; text: string; cites: string[] }

function answer(claims: Drafted[]): ModelReply {
  return completion({
    claims: claims.map((claim) => ({ section: 'what', kind: 'point', stance: 'neutral', ...claim })),
  })
}

async function summaryBy(
  script: (request: ModelRequest, nth: number) => ModelReply,
  given = input,
): Promise<{ summary: Summary; server: ModelServer }> {
  const server = await modelServer(script)
  servers.push(server)
  const ai = createModel({ baseUrl: server.baseUrl, model: 'tiny', timeoutMs: 1_500 })
  return { summary: await summarize({ ai, log, now: Date.now }, given), server }
}

function texts(summary: Summary): string[] {
  return summary.sections.flatMap(({ claims }) => claims.map(({ text }) => text))
}

const why = {
  section: 'why',
  text: 'The bridge has no independent watchers, so faulty withdrawals could stay unnoticed.',
  cites: ['p3'],
}
const bob = {
  section: 'discussion',
  stance: 'against',
  text: 'Bob finds fifty thousand tokens too expensive for a monthly report.',
  cites: ['m2'],
}
const alice = {
  section: 'discussion',
  stance: 'for',
  text: 'Alice supports independent monitoring because it makes withdrawals safer.',
  cites: ['m1'],
}

describe('without a model', () => {
  test('copies sentences, says so, and cites each', async () => {
    const summary = await summarize({ log, now: Date.now }, input)
    expect(summary.mode).toBe('extract')
    expect(summary.label).toMatch(/^Extract, no AI model: /)
    expect(summary.sections.map(({ title }) => title)).toEqual(
      expect.arrayContaining([
        'What it does',
        'Why',
        'Risks or open questions',
        'Discussion: for',
        'Discussion: against',
      ]),
    )
    const byId = new Map(summary.sources.map((source) => [source.id, source]))
    for (const { claims } of summary.sections)
      for (const { text, cites } of claims) expect(byId.get(cites[0] ?? '')?.text).toContain(text)
    expect(summary.shown).toBe(texts(summary).length)
    expect(summary.coverage).toEqual({ seen: summary.coverage.total, total: summary.coverage.total })
  })

  test('gives the same summary whatever the order in which messages arrive', async () => {
    const one = await summarize({ log, now: Date.now }, input)
    const other = await summarize({ log, now: Date.now }, { ...input, messages: input.messages.toReversed() })
    expect(other).toEqual(one)
  })

  test('names a side that nobody took', async () => {
    const summary = await summarize({ log, now: Date.now }, { ...input, messages: input.messages.slice(0, 1) })
    expect(summary.sections.map(({ title }) => title)).toContain('Discussion: against (nobody so far)')
  })

  test('makes do with a title alone', async () => {
    const summary = await summarize(
      { log, now: Date.now },
      { title: 'Raise the quorum', body: '', messages: [], facts: [] },
    )
    expect(texts(summary)).toEqual(['Raise the quorum'])
  })

  test('reads nothing as nothing', async () => {
    const summary = await summarize({ log, now: Date.now }, { title: '', body: '', messages: [], facts: [] })
    expect(summary).toMatchObject({ shown: 0, sections: [], coverage: { seen: 0, total: 0 } })
  })
})

describe('with a model', () => {
  test('shows what passed the checks, labelled with model and prompt', async () => {
    const { summary, server } = await summaryBy(() => answer([why, alice, bob]))
    expect(summary.mode).toBe('model')
    expect(summary.label).toBe('AI summary by tiny, prompt claims-map v1')
    expect(texts(summary)).toEqual(expect.arrayContaining([why.text, alice.text, bob.text]))
    expect(summary.sources.map(({ id }) => id)).toEqual(['p3', 'm1', 'm2'])
    expect(server.requests).toHaveLength(1)
  })

  test('shows the model the text as data and the chain figures by name only', async () => {
    const { server } = await summaryBy(() => answer([why]))
    const [request] = server.requests
    if (!request) throw new Error('nothing was asked')
    expect(sourcesIn(request).map(({ id }) => id)).toEqual(['p1', 'p2', 'p3', 'p4', 'p5', 'p6', 'p7', 'm1', 'm2', 'm3'])
    expect(request.raw).not.toContain('1,200,345')
    expect(request.raw).toContain('Votes for')
  })

  test('takes a figure of the proposal from the paragraph, by name', async () => {
    const text = 'The team Lighthouse is paid {{fact:a1}} for twelve months of monitoring.'
    const { summary } = await summaryBy(() => answer([{ section: 'cost', text, cites: ['p5'] }]))
    expect(texts(summary)).toContain(text)
    expect(summary.facts.find(({ id }) => id === 'a1')).toMatchObject({ value: '50,000 OP', source: 'p5' })
  })

  const refused: [string, string, Drafted][] = [
    ['C1', 'cites nothing', { ...why, cites: [] }],
    ['C1', 'cites what it was not given', { ...why, cites: ['m9999'] }],
    [
      'C2',
      'cites the wrong message',
      { ...alice, text: 'Independent monitoring makes withdrawals safer for users.', cites: ['m3'] },
    ],
    [
      'C3',
      'changes a quote',
      { ...alice, text: 'Alice says "independent monitoring makes withdrawals cheaper" for all.' },
    ],
    [
      'N2',
      'types an amount of the proposal',
      { section: 'cost', text: 'This proposal pays 50,000 OP to the watcher team Lighthouse.', cites: ['p5'] },
    ],
    ['N2', 'counts votes', { ...alice, text: 'Alice supports monitoring, with 1,200,345 votes for it.' }],
    ['N2', 'names a fact that does not exist', { ...why, text: `${why.text} {{fact:zz}}` }],
    [
      'N2',
      'has a fact stand where it was not said',
      { ...why, text: 'The bridge has no independent watchers for {{fact:a1}}.' },
    ],
    [
      'N1',
      'brings an amount of its own',
      { ...bob, text: 'Bob finds 70,000 OP tokens too expensive for a monthly report.' },
    ],
    ['P1', 'says a defeated proposal passed', { ...alice, text: 'Alice supports monitoring and the proposal passed.' }],
    [
      'Q1',
      'sees a consensus of one',
      { ...alice, text: 'There is consensus that independent monitoring makes withdrawals safer.' },
    ],
    [
      'U1',
      'brings a link',
      { ...alice, text: 'Alice supports independent monitoring, see https://evil.test for more.' },
    ],
    [
      'U1',
      'brings a bare address',
      { ...alice, text: 'Alice supports independent monitoring of withdrawals at evil.com today.' },
    ],
    [
      'U1',
      'calls everyone',
      { ...alice, text: 'Alice supports independent monitoring, @everyone vote now for withdrawals.' },
    ],
    [
      'U1',
      'brings a picture',
      { ...alice, text: 'Alice supports independent monitoring ![x](//evil.test/a.png) of withdrawals.' },
    ],
    [
      'I1',
      'changes the type of an identifier',
      { ...why, text: 'EIP-7928 says the bridge has no independent watchers for withdrawals.' },
    ],
    ['S1', 'is a slogan', { ...why, text: 'APPROVED' }],
  ]
  test.each(refused)('%s refuses a claim that %s', async (id, _, claim) => {
    const { summary } = await summaryBy(() => answer([why, claim]))
    expect(summary.dropped).toEqual({ [id]: 1 })
    expect(texts(summary)).toContain(why.text)
  })

  test('does not let a claim name someone who did not say it', async () => {
    const { summary } = await summaryBy(() =>
      answer([{ ...bob, text: 'Carol is against tokens for a monthly report, too expensive.' }]),
    )
    expect(texts(summary).join()).toContain('One participant is against tokens')
    expect(summary.sections.flatMap(({ claims }) => claims).find(({ text }) => text.startsWith('One'))?.state).toBe(
      'weak',
    )
  })

  test('keeps a message out of the proposal’s own sections', async () => {
    const { summary } = await summaryBy(() => answer([why, { ...alice, section: 'what' }]))
    const own = summary.sections.find(({ title }) => title === 'What it does')
    expect(own?.claims ?? []).toEqual([])
  })

  test('fills a side that the model left out, and says so', async () => {
    const { summary } = await summaryBy(() => answer([why, alice]))
    expect(summary.mode).toBe('mixed')
    expect(summary.sections.find(({ title }) => title === 'Discussion: against')?.claims[0]?.cites).toEqual(['m2'])
    expect(summary.label).toContain('copied by program')
  })

  test('is an extract when nothing passes', async () => {
    const { summary } = await summaryBy(() => answer([{ ...why, cites: ['p99'] }]))
    expect(summary.mode).toBe('extract')
    expect(summary.dropped).toEqual({ C1: 1 })
  })
})
