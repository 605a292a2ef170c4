import { encodeFunctionData, erc20Abi, type Hex } from 'viem'
import { describe, expect, test } from 'vitest'
import { autoDao } from '../../../../contracts/generated.ts'
import { renderView } from '../../../../bots/web/render.ts'
import { sourcesOf } from '../../../../core/ai/summarize.ts'
import type { Summary } from '../../../../core/ai/types.ts'
import { factSheet } from '../../../../core/governance/facts.ts'
import type { View } from '../../../../core/view.ts'
import { proposalCard, proposalView } from '../../../../core/governance/views/proposal.ts'
import { dao, other, page, recordOf, type Change } from '../../../support/record.ts'

const card = (change?: Change): View => proposalCard({ record: recordOf(change), page })
const full = (change?: Change, description = ''): View =>
  proposalView({
    record: recordOf(change),
    page,
    paragraphs: sourcesOf({ title: 'Fund the bridge watchers', body: description, messages: [] }),
  })
const lines = async (view: View): Promise<string> =>
  String(await renderView(view))
    .replaceAll(/<[^>]+>/g, '')
    .replaceAll(/\s+/g, ' ')

describe('the card', () => {
  test('says what it is, how it stands, until when, and offers the vote', () => {
    const view = card()
    expect(view).toMatchObject({ title: 'nomic-3: Fund the bridge watchers', url: page, tone: 'info' })
    expect(view.body).toContainEqual({
      type: 'tally',
      rows: [
        { label: 'For', share: 0.7, value: '70 NOMIC' },
        { label: 'Against', share: 0.2, value: '20 NOMIC' },
        { label: 'Abstain', share: 0.1, value: '10 NOMIC' },
      ],
      note: 'Quorum reached: 80 NOMIC, needed are 40 NOMIC.',
    })
    expect(view.actions).toEqual([
      { label: 'For', run: 'vote nomic-3 for' },
      { label: 'Against', run: 'vote nomic-3 against' },
      { label: 'Abstain', run: 'vote nomic-3 abstain' },
      { label: 'My power', run: 'power nomic-3' },
      { label: 'More', run: 'proposal nomic-3' },
      { label: 'Full text', open: page },
    ])
    expect(JSON.stringify(view.body)).toContain('{"time":1767484800,"as":"relative"}')
  })

  test.each([
    ['pending', 'Not open yet.', 'info'],
    ['active', 'Open for votes.', 'info'],
    ['canceled', 'Cancelled.', 'bad'],
    ['defeated', 'Rejected.', 'bad'],
    ['succeeded', 'Accepted.', 'good'],
    ['queued', 'Accepted and queued.', 'good'],
    ['expired', 'Expired.', 'bad'],
    ['executed', 'Executed.', 'good'],
  ] as const)('says %s in words, and takes votes only while they count', async (state, words, tone) => {
    const view = card({ proposal: { state } })
    expect(await lines(view)).toContain(words)
    expect(view.tone).toBe(tone)
    const canVote = view.actions?.some((action) => 'run' in action && action.run.startsWith('vote ')) === true
    expect(canVote).toBe(state === 'active')
  })

  test.each([
    [{ in_favour: '0', against: '0', abstain: '0' }, 'No votes so far. Quorum not reached yet: 0 NOMIC of 40 NOMIC.'],
    [{ in_favour: '1', abstain: '0', state: 'defeated' }, 'Quorum not reached: '],
    [{ against: '90000000000000000000000', in_favour: '0', abstain: '0' }, 'Quorum not reached yet: 0 NOMIC'],
    [{ quorum: null }, 'The quorum is not known yet.'],
  ])('says whether enough took part: %o', async (proposal, words) => {
    expect(await lines(card({ proposal }))).toContain(words)
  })

  test('gives a governor that counts in blocks its block and a guessed time', async () => {
    expect(await lines(card({ ends: { at: 1_767_484_800, block: '77' } }))).toContain('Ends at block 77, about ')
    expect(await lines(card({ ends: { at: undefined, block: '77' } }))).toContain('Ends at block 77.')
  })
})

describe('the summary', () => {
  const summary: Summary = {
    sections: [
      {
        title: 'What it does',
        claims: [
          { text: 'The vote ends {{fact:ends}}.', cites: ['p2'], kind: 'point', state: 'ok' },
          { text: 'It pays the watchers.', cites: ['p2', 'p3'], kind: 'point', state: 'weak' },
          { text: 'It starts in March.', cites: ['p3'], kind: 'point', state: 'ok' },
        ],
      },
      { title: 'Discussion: for (nobody so far)', claims: [] },
      {
        title: 'Discussion: against',
        claims: [{ text: 'I say {{fact:for}} is too much.', cites: ['m1'], kind: 'quote', state: 'ok' }],
      },
    ],
    sources: [
      { id: 'p2', kind: 'proposal', text: 'It pays the watchers. The vote ends in May.' },
      { id: 'p3', kind: 'proposal', text: 'It starts in March.' },
      { id: 'm1', kind: 'message', text: 'I say {{fact:for}} is too much.', author: 'Bob', url: 'https://chat.test/1' },
    ],
    facts: factSheet(recordOf()),
    label: 'AI summary by tiny, prompt claims-map v1',
    mode: 'model',
    shown: 4,
    dropped: {},
    coverage: { seen: 3, total: 9 },
    textHash: '',
  }

  test('links every sentence to what it rests on, and says who wrote it', async () => {
    const items = full({ summary }).body.flatMap((block) => (block.type === 'list' ? block.items : []))
    expect(items).toEqual([
      ['The vote ends ', { strong: '2026-01-04 00:00 UTC' }, '.', ' ', { link: `${page}#p2`, label: '¶2' }],
      [
        'It pays the watchers.',
        ' (only partly borne out by its source)',
        ' ',
        { link: `${page}#p2`, label: '¶2' },
        ' ',
        { link: `${page}#p3`, label: '¶3' },
      ],
      ['It starts in March.', ' ', { link: `${page}#p3`, label: '¶3' }],
      ['I say {{fact:for}} is too much.', ' ', { link: 'https://chat.test/1', label: '— Bob' }],
    ])
    expect(await lines(full({ summary }))).toContain(
      'AI summary by tiny, prompt claims-map v1 It read 3 of 9 paragraphs and messages.',
    )
  })

  test('is short in the card, and says where the rest is', async () => {
    const view = card({ summary })
    expect(await lines(view)).toContain('1 more sentence: /proposal nomic-3')
    expect(await lines(view)).not.toContain('It starts in March.')
  })

  test('is announced as long as there is none, and never waited for', async () => {
    expect(await lines(card())).toContain('Its summary is being written.')
  })
})

describe('what it would do', () => {
  const transfer = encodeFunctionData({ abi: erc20Abi, functionName: 'transfer', args: [other, 5n * 10n ** 18n] })

  test('is said in words where the data is known', async () => {
    expect(await lines(full({ data: [{ target: dao.token, data: transfer }] }))).toMatch(
      /Calls transfer\(recipient: 0x7099\S+, amount: 5000000000000000000\) on the DAO&#39;s token/,
    )
    const setting = encodeFunctionData({ abi: autoDao.abi, functionName: 'setVotingPeriod', args: [3_600] })
    expect(await lines(full({ data: [{ target: dao.address, data: setting }] }))).toMatch(
      /Calls setVotingPeriod\(\w+: 3600\) on the governor itself/,
    )
    expect(await lines(full())).toContain('Nothing on the chain: it is a statement.')
  })

  test.each<[string, { target?: string; value?: string; data: Hex }, string]>([
    ['coins', { value: '1500000000000000000', data: '0x' }, 'Careful: it sends 1.5 AI3 of the chain&#39;s own coin.'],
    ['its own tokens', { target: dao.token, data: transfer }, 'Careful: it moves 5 NOMIC to 0x7099'],
    ['other tokens', { data: transfer }, 'Careful: it moves 5000000000000000000 base units of the token 0x7099'],
    [
      'an allowance',
      {
        target: dao.token,
        data: encodeFunctionData({ abi: erc20Abi, functionName: 'approve', args: [other, 2n ** 256n - 1n] }),
      },
      'Careful: it lets 0x7099',
    ],
    ['what nobody can read', { data: '0xdeadbeef00' }, 'Not decoded: read it carefully. 1 of 1 calls has data'],
    ['data with something behind it', { data: `${transfer}00` }, 'Not decoded: read it carefully. 1 of 1 calls'],
  ])('warns of %s, in the card too', async (_, call, words) => {
    expect(await lines(card({ data: [call] }))).toContain(words)
    expect(await lines(full({ data: [call] }))).toContain(words)
  })
})

describe('text of strangers', () => {
  const hostile =
    '[click](javascript:alert(1)) https://evil.test/x <img src=x onerror=alert(1)> @everyone <script>alert(2)</script>'

  test('brings no link, no mention and no markup of its own', () => {
    const view = full({ proposal: { title: hostile, dao: { ...dao, name: hostile } } }, `# ${hostile}\n\n${hostile}`)
    const json = JSON.stringify(view)
    expect(json).not.toMatch(/evil\.test|javascript:|onerror|@everyone|<script/)
    const links = json.match(/"(?:link|open)":"[^"]*"/g) ?? []
    expect(links.every((link) => link.includes('https://vote.example.org/'))).toBe(true)
  })

  test.each([
    ['no title', { title: '' }, 'nomic-3: a proposal without a title'],
    ['a title that hides', { title: '\u200b\u202e\u2066' }, 'nomic-3: a proposal without a title'],
    ['emoji', { title: '👩‍👩‍👧‍👦🇩🇪' }, 'nomic-3: 👩‍👩‍👧‍👦🇩🇪'],
    ['right to left', { title: 'اقتراح \u202eevil' }, 'nomic-3: اقتراح evil'],
  ])('with %s is still a card', (_, proposal, title) => {
    expect(card({ proposal }).title).toBe(title)
  })

  test('of 100 kB is cut, and the rest is one link away', async () => {
    const description = Array.from({ length: 400 }, (_, i) => `Paragraph ${i}: ${'word '.repeat(50)}`).join('\n\n')
    const view = full({}, description)
    expect(JSON.stringify(view).length).toBeLessThan(8_000)
    expect(await lines(view)).toMatch(/\d+ more paragraphs: see “Full text”\./)
    expect(JSON.stringify(full({}, 'x'.repeat(100_000))).length).toBeLessThan(8_000)
    expect(JSON.stringify(full({}, '👩‍👩‍👧‍👦'.repeat(9_000)))).not.toMatch(/\\ud[89a-f]/i)
  })

  test('with hundreds of calls is still a card', async () => {
    const data = Array.from({ length: 300 }, () => ({ data: `0x${'ab'.repeat(5_000)}` as Hex }))
    expect(JSON.stringify(full({ data })).length).toBeLessThan(20_000)
    expect(await lines(full({ data }))).toContain('280 more calls')
    expect(JSON.stringify(card({ data })).length).toBeLessThan(5_000)
  })
})
