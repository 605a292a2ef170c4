import { describe, expect, test } from 'vitest'
import { safeUrl } from '../../../core/index.ts'
import { limits, renderAddress, renderTx, renderView } from '../../../bots/web/render.ts'
import { text, tx, type View } from '../../../core/view.ts'
import { gallery } from '../../support/gallery.ts'

const draw = async (view: View): Promise<string> =>
  String(await renderView(view, { explorerUrl: 'https://explorer.example.org' }))

describe('cards on the web', () => {
  test.each(['proposal', 'problem', 'good', 'image', 'empty', 'markup', 'bidi', 'halves'])(
    'draws the card “%s”',
    async (name) => {
      expect(await draw(gallery[name] as View)).toMatchSnapshot()
    },
  )

  test.each(Object.keys(gallery))('lets nothing of the card “%s” become markup', async (name) => {
    const html = await draw(gallery[name] as View)
    const allowed = /^(article|h3|a|p|strong|code|span|bdi|time|dl|div|dt|dd|b|meter|ul|li|blockquote|hr|button)$/
    const tags = [...html.matchAll(/<\/?([a-z0-9]+)/gi)].map((match) => match[1] ?? '')
    expect(tags.filter((tag) => !allowed.test(tag))).toEqual([])
    expect([...html.matchAll(/href="([^"]*)"/g)].every((match) => match[1]?.startsWith('https://'))).toBe(true)
    expect(html).not.toMatch(/\son\w+="/)
    expect(html).not.toMatch(/[\u202a-\u202e\u2066-\u2069\0]/)
  })

  test.each(['huge', 'wide', 'emoji'])('cuts the card “%s” to a size that can be read', async (name) => {
    const html = await draw(gallery[name] as View)
    expect(html.length).toBeLessThan(120_000)
    expect(html.isWellFormed()).toBe(true)
    expect([...html.matchAll(/<button/g)].length).toBeLessThanOrEqual(limits.actions)
  })

  test('says in words how long a bar is', async () => {
    const html = await draw({ body: [{ type: 'tally', rows: [{ label: 'For', share: 0.031, value: '3 NOMIC' }] }] })
    expect(html).toContain('aria-label="For: 3.1 %"')
    expect(html).toContain('3 NOMIC · 3.1 %')
  })

  test('shortens an address and keeps the whole of it at hand', async () => {
    const html = String(await renderAddress('0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266'))
    expect(html).toBe('<span class="address" title="0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266">0xf39F…2266</span>')
  })

  test('leads a transaction to the explorer only when there is one', async () => {
    const hash = `0x${'ab'.repeat(32)}`
    expect(String(await renderTx(hash, 'https://explorer.example.org/base'))).toContain(
      `href="https://explorer.example.org/base/tx/${hash}"`,
    )
    expect(await draw({ body: [text(tx('0x12'))] })).not.toContain('explorer')
    expect(String(await renderTx(hash))).not.toContain('href')
  })

  test.each([
    ['https://a.example/x', 'https://a.example/x'],
    ['http://a.example/x', 'http://a.example/x'],
    ['javascript:alert(1)', undefined],
    [' JaVaScRiPt:alert(1)', undefined],
    ['data:text/html,x', undefined],
    ['//a.example', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('takes %s as the link %s', (url, expected) => {
    expect(safeUrl(url)).toBe(expected)
  })
})
