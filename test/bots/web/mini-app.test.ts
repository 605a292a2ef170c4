import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTelegram } from '../../../bots/telegram/index.ts'
import { createWeb, type Web } from '../../../bots/web/index.ts'
import { createApp, parseConfig } from '../../../core/index.ts'
import { freePort } from '../../../bots/world/devchain.ts'
import { launchBrowser } from '../../support/browser.ts'
import { linkWorld, type LinkWorld } from '../../support/linking.ts'
import { TelegramEmulator } from '../../support/telegram/emulator.ts'

let telegram: TelegramEmulator
let world: LinkWorld
let web: Web
let stop: () => Promise<void>
let chromium: Browser
let ann: number
beforeAll(async () => {
  telegram = await TelegramEmulator.start()
  const port = String(await freePort())
  const settings = { PUBLIC_URL: '', PORT: port, TELEGRAM_TOKEN: telegram.token, TELEGRAM_API_URL: telegram.url }
  world = await linkWorld(settings)
  web = createWeb({ config: parseConfig(settings), playground: undefined })
  const platform = createTelegram(world.ctx.config)
  const app = createApp(world.ctx, [web, platform])
  await web.start(app)
  await platform.start(app)
  stop = async () => {
    await platform.stop()
    await web.stop()
  }
  chromium = await launchBrowser()
  ann = telegram.addUser('Ann')
})
afterAll(async () => {
  await chromium.close()
  await stop()
  await telegram.stop()
  await world.stop()
  expect(telegram.violations).toEqual([])
})

/** Telegram opens a Mini App with what it signed in the fragment of the address. */
async function open(data: string | undefined): Promise<Page> {
  const page = await (await chromium.newContext({ viewport: { width: 390, height: 700 } })).newPage()
  const fragment = data === undefined ? '' : `#${new URLSearchParams({ tgWebAppData: data })}`
  await page.goto(`${web.url}/app/telegram${fragment}`)
  return page
}
const post = async (body: object): Promise<{ status: number; text: string }> => {
  const response = await fetch(`${web.url}/api/app/telegram`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: web.url, 'sec-fetch-site': 'same-origin' },
    body: JSON.stringify(body),
  })
  return { status: response.status, text: await response.text() }
}

describe('AutoCo inside Telegram', () => {
  test('shows what waits for who opened it, and its buttons go on from there', async () => {
    const page = await open(telegram.initData(ann))
    await page.getByRole('heading', { name: 'What waits for you' }).waitFor()
    await page.getByRole('button', { name: 'Help' }).click()
    await page.getByText('/proposals').first().waitFor()
    await page.context().close()
  })

  test('leads straight to the page on which something is signed', async () => {
    const page = await open(telegram.initData(ann, { start_param: 'link' }))
    await page.waitForURL(`${web.url}/l/**`)
    await page.getByRole('heading', { name: /link/i }).first().waitFor()
    const [ticket] = await world.ctx.db.selectFrom('ticket').select(['user_id', 'channel']).execute()
    expect(ticket).toEqual({ user_id: String(ann), channel: `@${ann}` })
    await page.context().close()
  })

  test('lets no link change anything', async () => {
    const page = await open(telegram.initData(ann, { start_param: 'erase_yes' }))
    await page.getByText('A link asks for /erase, and a link may change nothing.').waitFor()
    await page.context().close()
  })

  test('knows nobody who opens it elsewhere', async () => {
    const page = await open(undefined)
    await page.getByText('Open this page from your chat').waitFor()
    await page.context().close()
    expect(await post({ data: 'user=%7B%22id%22%3A7%7D&auth_date=1&hash=00' })).toMatchObject({
      text: expect.stringContaining('Telegram did not sign this.') as string,
    })
    const other = await TelegramEmulator.start()
    const foreign = other.initData(other.addUser('Eve'))
    expect((await post({ data: foreign, line: 'home' })).text).toContain('Telegram did not sign this.')
    await other.stop()
  })
})
