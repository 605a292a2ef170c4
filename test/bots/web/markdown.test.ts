import { describe, expect, test } from 'vitest'
import { renderMarkdown } from '../../../bots/web/markdown.ts'

const draw = async (source: string, anchors?: (raw: string) => string[]): Promise<string> =>
  String(await renderMarkdown(source, anchors))

describe('the text of a proposal', () => {
  test('draws headings, lists, tables, code and quotes', async () => {
    const source =
      '# Title\n\nHello **you** and _me_.\n\n- [x] done\n- open\n\n3. three\n\n| a | n |\n|---|--:|\n| x | 1 |\n\n```sol\nuint256 a;\n```\n\n> quoted\n\n---'
    expect(await draw(source)).toMatchSnapshot()
  })

  test('shows HTML as the text that it is', async () => {
    const html = await draw(
      '<script>alert(1)</script>\n\na <img src=x onerror=alert(1)> b\n\n<div onclick="x">\n\n&lt;b&gt; &amp;',
    )
    expect(html).not.toMatch(/<(script|img|div)/)
    expect(html).toContain('&lt;script&gt;')
    expect(html).toContain('&lt;b&gt; &amp;')
  })

  test('names the host that a link leads to, unless its words are the address', async () => {
    expect(await draw('[our site](https://evil.example/x)')).toContain('(evil.example)')
    expect(await draw('[good.example](https://evil.example/x)')).toContain('(evil.example)')
    expect(await draw('[not-evil.example](https://evil.example/x)')).toContain('(evil.example)')
    expect(await draw('https://evil.example/x')).not.toContain('(evil.example)')
  })

  test('makes no link of what is not a web page', async () => {
    const html = await draw(
      '[a](javascript:alert(1)) [b](data:text/html,x) [c](vbscript:x) [d](file:///etc/passwd) <javascript:alert(1)>',
    )
    expect(html).not.toContain('href')
  })

  test('offers an image as a link instead of loading it from a stranger', async () => {
    const html = await draw('![a chart](https://tracker.example/p.png)')
    expect(html).not.toContain('<img')
    expect(html).toContain('Image: a chart')
    expect(html).toContain('(tracker.example)')
  })

  test('gives a block the names of the sources that it holds', async () => {
    expect(await draw('first\n\nsecond', (raw) => (raw.startsWith('second') ? ['p2', 'p3'] : []))).toContain(
      '<div class="block" id="p2"><span id="p3"></span><p dir="auto">second</p></div>',
    )
  })

  test('takes out marks that turn the direction of a text', async () => {
    expect(await draw('pay \u202e001\u202c now')).toContain('pay 001 now')
  })

  test.each([
    ['quotes in quotes', '>'.repeat(30_000)],
    ['lists in lists', '- '.repeat(20_000)],
    ['open brackets', '[['.repeat(50_000)],
    ['open emphasis', '*_'.repeat(40_000)],
    ['links in links', '[a]('.repeat(20_000)],
    ['a table of 20,000 columns', `${'|a'.repeat(20_000)}\n${'|-'.repeat(20_000)}`],
    ['100 kB of words', 'word 😀 العربية '.repeat(6_000)],
    ['backticks', '`'.repeat(60_000)],
  ])('survives %s', async (_name, source) => {
    const started = performance.now()
    const html = await draw(source)
    expect(html.length).toBeGreaterThan(0)
    expect(performance.now() - started).toBeLessThan(5_000)
  })
})
