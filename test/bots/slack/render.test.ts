import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { limits, renderView } from '../../../bots/slack/render.ts'
import { gallery } from '../../support/gallery.ts'
import { SlackEmulator } from '../../support/slack/emulator.ts'

let slack: SlackEmulator
let ann: string
beforeAll(async () => {
  slack = await SlackEmulator.start({ limits: { postsPerSecond: 100, postBurst: 100 } })
  ann = slack.addUser('ann')
})
afterAll(async () => {
  expect(slack.violations).toEqual([])
  await slack.stop()
})

describe('a view in Block Kit', () => {
  test.each(Object.keys(gallery))('“%s” is taken by Slack and reads as it should', async (name) => {
    const drawn = renderView(gallery[name]!, { explorerUrl: 'https://explorer.example.org' })
    const channel = slack.addChannel({ name: `card-${name}`, members: [ann] })
    const response = await fetch(`${slack.url}chat.postMessage`, {
      method: 'POST',
      headers: { authorization: `Bearer ${slack.token}`, 'content-type': 'application/json; charset=utf-8' },
      body: JSON.stringify({ channel, ...drawn, unfurl_links: false, unfurl_media: false }),
    })
    expect(await response.json()).toMatchObject({ ok: true })
    const [seen] = slack.messages(channel, ann)
    const { text, links, buttons } = seen!
    const readable = [
      text.length > 3_000 ? `${text.slice(0, 1_500)}\n… ${text.length} characters …\n${text.slice(-300)}` : text,
      ...links.slice(0, 10).map(({ text: words, url }) => `link: ${words} → ${url}`),
      ...buttons.slice(0, 6).map(({ label, value, url }) => `button: ${label} → ${value ?? url}`),
    ].join('\n')
    await expect(readable.toWellFormed()).toMatchFileSnapshot(`__snapshots__/${name}.txt`)
  })

  test('stays below every limit, however much it is given', () => {
    for (const view of Object.values(gallery)) {
      const { blocks, text } = renderView(view)
      expect(blocks.length).toBeLessThanOrEqual(50)
      expect(text.length).toBeLessThanOrEqual(limits.fallback * 5)
      expect(
        JSON.stringify(blocks.filter(({ type }) => type !== 'actions')).match(/"text":"/g)?.length ?? 0,
      ).toBeLessThan(700)
    }
  })
})
