import { pino } from 'pino'
import { afterEach, describe, expect, test } from 'vitest'
import { cleanText } from '../../../core/clean.ts'
import { plainLine, readMarkdown } from '../../../core/markdown.ts'
import { createModel } from '../../../core/ai/model.ts'
import { readPassages } from '../../../core/ai/sources.ts'
import { summarize } from '../../../core/ai/summarize.ts'
import { completion, modelServer, sourcesIn, type ModelReply, type ModelServer } from '../../support/model-server.ts'

const log = pino({ level: 'silent' })
const servers: ModelServer[] = []
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.stop()))
})

const within = (ms: number, work: () => void): void => {
  const from = performance.now()
  work()
  expect(performance.now() - from).toBeLessThan(ms)
}

describe('text that hides or leads away', () => {
  test.each<[string, string, string]>([
    ['zero-width letters', 'pa\u200bss\u2060ed\ufeff', 'passed'],
    ['letters that turn the direction', 'a\u202eb\u202c\u2066c\u2069', 'abc'],
    ['tags nobody sees', 'yes\u{e0041}\u{e0042}', 'yes'],
    ['piled accents', `z${'\u0301'.repeat(60)}`, `ź${'\u0301'.repeat(4)}`],
    ['control characters', 'a\0b\u0007c', 'a b c'],
    ['a link', 'see https://evil.test/x?d=1 now', 'see [link] now'],
    ['a link without a scheme', 'see evil.test/login now', 'see [link] now'],
    ['a script', 'javascript:alert(1) is bad', '[link]) is bad'],
    ['a mention', '@everyone <@!1234> look', 'everyone [mention] look'],
    ['an address of a person', 'mail bob@evil.test please', 'mail [e-mail] please'],
    ['a key', 'my key is sk-abcdefghijklmnopqrstuvwx', 'my key is [secret]'],
    ['a private key', `it is ${'ab'.repeat(32)} here`, 'it is [secret] here'],
  ])('%s are taken out', (_, raw, clean) => {
    expect(cleanText(raw)).toBe(clean)
  })

  test('keeps what belongs to a language', () => {
    for (const text of ['می‌خواهم', 'क्‍ष', '👩‍👩‍👧‍👦 🏳️‍🌈 🇩🇪', 'اقتراح لتمويل המראה', 'naïve café'])
      expect(cleanText(text)).toBe(text.normalize('NFC'))
  })
})

describe('markdown', () => {
  test('is read as plain words: no markup, no address, no picture', () => {
    const raw = `# Title **bold** [words](https://evil.test)

![alt](https://evil.test/a.png) <img src=x onerror=alert(1)> text <script>alert(2)</script> more

- item with \`code\` and [x](javascript:alert(3))

| a | b |
|---|---|
| 1 | 2 |

<!-- hidden --> &lt;b&gt; \\*kept\\*`
    const blocks = readMarkdown(raw)
    expect(blocks).toEqual([
      { kind: 'heading', text: 'Title bold words' },
      { kind: 'paragraph', text: 'text more' },
      { kind: 'item', text: 'item with code and x' },
      { kind: 'row', text: 'a; b' },
      { kind: 'row', text: '1; 2' },
      { kind: 'paragraph', text: 'b *kept*' },
    ])
    expect(plainLine('**A** [title](https://evil.test) <b>of</b> one line')).toBe('A title of one line')
  })

  test.each<[string, string]>([
    ['brackets', '['.repeat(50_000)],
    ['closed brackets', '[]('.repeat(30_000)],
    ['pictures', '![a]('.repeat(20_000)],
    ['stars', '*'.repeat(100_000)],
    ['stars and letters', '*a'.repeat(50_000)],
    ['quotes', '> '.repeat(50_000)],
    ['tags', '<a '.repeat(33_000)],
    ['open comments', '<!--'.repeat(25_000)],
    ['open scripts', '<script'.repeat(14_000)],
    ['backticks', '`'.repeat(100_000)],
    ['pipes', '|'.repeat(100_000)],
    ['dashes', '- '.repeat(50_000)],
    ['blanks', `a${' '.repeat(99_000)}b`],
    ['one word', 'x'.repeat(100_000)],
    ['emoji', '👩‍👩‍👧‍👦'.repeat(9_000)],
    ['joiners', '\u200d'.repeat(100_000)],
    ['dots', 'a.'.repeat(50_000)],
    ['slashes', 'a/'.repeat(50_000)],
    ['at signs', 'a@'.repeat(50_000)],
    ['digits', '1,'.repeat(50_000)],
    ['words of a seed', 'secret words are abandon '.repeat(4_000)],
    ['half letters', '\ud83d'.repeat(50_000)],
    ['right to left', 'שלום \u202e'.repeat(15_000)],
  ])('of 100 kB of %s is read and summarised in a moment', async (_, body) => {
    within(3_000, () =>
      readPassages({ title: 'T', body, messages: [{ author: 'A', at: 1, text: body.slice(0, 8_000) }] }),
    )
    const from = performance.now()
    const summary = await summarize({ log, now: Date.now }, { title: 'T', body, messages: [], facts: [] })
    expect(performance.now() - from).toBeLessThan(5_000)
    expect(JSON.stringify(summary).length).toBeLessThan(20_000)
  })
})

describe('100 kB of honest text', () => {
  const body = Array.from(
    { length: 700 },
    (_, i) =>
      `Item ${i} of the plan pays ${i + 1},000 OP to group ${i % 40} because the work of month ${i % 12} needs watchers.`,
  ).join('\n\n')
  const input = { title: 'A long plan', body, messages: [], facts: [] }

  async function summaryBy(script: (ids: string[], nth: number) => ModelReply, timeoutMs = 4_000) {
    const server = await modelServer((request, nth) => {
      const isReduce = request.body.response_format?.json_schema?.name === 'choice'
      return isReduce
        ? completion({ keep: ['c1', 'c2'] })
        : script(
            sourcesIn(request).map(({ id }) => id),
            nth,
          )
    })
    servers.push(server)
    const ai = createModel({ baseUrl: server.baseUrl, model: 'tiny', timeoutMs, windowTokens: 8_000 })
    return { summary: await summarize({ ai, log, now: Date.now }, input), server }
  }
  const claim = (ids: string[]): ModelReply => {
    const text = 'The plan pays a group because the work of the month needs watchers.'
    return completion({ claims: [{ section: 'why', kind: 'point', stance: 'neutral', text, cites: [ids.at(-1)] }] })
  }

  test('is read in parts, and what was not read is counted', async () => {
    const { summary, server } = await summaryBy((ids) => claim(ids))
    expect(summary.mode).toBe('model')
    expect(server.requests.length).toBeGreaterThan(3)
    expect(server.requests.length).toBeLessThanOrEqual(14)
    expect(summary.coverage.seen).toBeLessThanOrEqual(summary.coverage.total)
    expect(summary.coverage.seen).toBeGreaterThan(100)
  })

  test('is read in smaller parts where the model says it is too long', async () => {
    const { summary } = await summaryBy((ids) => (ids.length > 40 ? completion('{', { finish: 'length' }) : claim(ids)))
    expect(summary.mode).toBe('model')
    expect(summary.coverage.seen).toBeGreaterThan(100)
  })

  test('keeps its claims where a part is refused', async () => {
    const { summary } = await summaryBy((ids, nth) =>
      nth === 1 ? completion(null, { message: { content: null, refusal: 'no' } }) : claim(ids),
    )
    expect(summary.mode).toBe('model')
    expect(summary.coverage.seen).toBeLessThan(summary.coverage.total)
  })

  test('is an extract where the model is slow', async () => {
    const { summary, server } = await summaryBy(() => ({ fault: 'hang' }), 1_000)
    expect(summary).toMatchObject({ mode: 'extract', dropped: {} })
    expect(server.requests).toHaveLength(1)
  })
})
