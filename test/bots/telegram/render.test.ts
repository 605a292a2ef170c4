import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { limits, quiet, renderView } from '../../../bots/telegram/render.ts'
import { text, type View } from '../../../core/view.ts'
import { gallery } from '../../support/gallery.ts'
import { TelegramEmulator } from '../../support/telegram/emulator.ts'

let telegram: TelegramEmulator
let ann: number
beforeAll(async () => {
  telegram = await TelegramEmulator.start({ limits: { chatBurst: 1_000, perSecond: 1_000 } })
  ann = telegram.addUser('Ann')
})
afterAll(async () => {
  expect(telegram.violations).toEqual([])
  await telegram.stop()
})

async function post(view: View) {
  const { text: words, entities, keyboard } = renderView(view, { explorerUrl: 'https://explorer.example.org' })
  const response = await fetch(`${telegram.url}/bot${telegram.token}/sendMessage`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      chat_id: ann,
      text: words,
      entities,
      link_preview_options: { is_disabled: true },
      ...(keyboard.length > 0 ? { reply_markup: { inline_keyboard: keyboard } } : {}),
    }),
  })
  expect(await response.json()).toMatchObject({ ok: true })
  return telegram.messages(ann, ann).at(-1)!
}

describe('a view as text with entities', () => {
  test.each(Object.keys(gallery))('“%s” is taken by Telegram and reads as it should', async (name) => {
    const { words, links, buttons, active } = await post(gallery[name]!)
    expect(active).toEqual([])
    const readable = [
      words.length > 3_000 ? `${words.slice(0, 1_500)}\n… ${words.length} characters …\n${words.slice(-300)}` : words,
      ...links.slice(0, 10).map((url) => `link → ${url}`),
      ...buttons.slice(0, 6).map(({ label, data, url }) => `button: ${label} → ${data ?? url}`),
    ].join('\n')
    await expect(readable.replaceAll('\u2060', '').toWellFormed()).toMatchFileSnapshot(`__snapshots__/${name}.txt`)
  })

  test('stays below every limit, however much it is given', () => {
    for (const view of Object.values(gallery)) {
      const { text: words, entities, keyboard } = renderView(view)
      expect(words.length).toBeLessThanOrEqual(limits.text)
      expect(entities.length).toBeLessThanOrEqual(100)
      expect(keyboard.flat().length).toBeLessThanOrEqual(100)
    }
  })

  test.each([
    '@someone',
    '/vote ens-1 for',
    '#tag',
    '$USD',
    'https://evil.example',
    'evil.example.com/x',
    'a@evil.com',
  ])('makes no link of “%s”', async (words) => {
    expect((await post({ body: [text('See ', words, ' now')] })).active).toEqual([])
    expect(quiet(words).replaceAll('\u2060', '')).toBe(words)
  })
})
