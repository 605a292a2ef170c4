import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { startListener } from '../../core/listen/listener.ts'
import { watchDao } from '../../core/listen/watch.ts'
import { findPerson } from '../../core/identity/person.ts'
import { enrolJob } from '../../core/ids/jobs/enrol.ts'
import { openPaperPage } from '../../core/polls/page.ts'
import { nomicById } from '../../core/nomic/contracts.ts'
import { launchBrowser } from '../support/browser.ts'
import { caller, linkWallet } from '../support/linking.ts'
import { openPolls, tallyOf, type PollWorld } from '../support/polls.ts'
import { webWorld, type WebWorld } from '../support/web.ts'

let all: WebWorld
let browser: Browser
let listener: Awaited<ReturnType<typeof startListener>>

beforeAll(async () => {
  ;[all, browser] = await Promise.all([
    webWorld({ work: true, settings: { RELAY_FLUSH_SECONDS: '1' } }),
    launchBrowser(),
  ])
})
afterAll(async () => {
  await browser?.close()
  await listener?.stop()
  await all?.stop()
})

test('a ranking is put in order, heard, and signed with the keyboard alone', async () => {
  const alice = caller('alice')
  await linkWallet(all.ctx, alice, all.voters[0]!)
  const { dao } = await watchDao(all.ctx, {
    address: all.deployed.chief,
    slug: 'nomic',
    channel: { platform: 'playground', id: 'governance' },
  })
  await enrolJob.run(all.ctx, {})
  const world = { ...all, daoId: dao.id, polls: all.deployed.polls } as unknown as PollWorld
  const { refs, paper } = await openPolls(world, [
    { title: 'Which town', kind: 2, options: ['Aarhus', 'Bilbao', 'Cork'], majority: 2 },
  ])
  listener = await startListener(all.ctx)
  const person = (await findPerson(all.ctx, alice))!
  const { url } = await openPaperPage(all.ctx, {
    person,
    caller: alice,
    dao: await nomicById(all.ctx.db, dao.id),
    paper,
  })

  const faults: string[] = []
  const context = await browser.newContext({ viewport: { width: 360, height: 700 } })
  context.on('page', (page) => page.on('pageerror', (error) => faults.push(String(error))))
  const page = await context.newPage()
  page.setDefaultTimeout(20_000)
  await page.goto(all.web.url)
  await page.getByRole('dialog').getByRole('button', { name: 'Alice' }).click()
  await page.getByRole('heading', { name: '# governance' }).waitFor()
  await page.goto(url)

  const option = (name: RegExp) => page.locator('.ranking').getByRole('button', { name })
  const order = () => page.locator('.ranking ol .name').allTextContents()
  const heard = () => page.locator('#said').textContent()
  await pressTab(page, option(/^Cork, not ranked/))
  await page.keyboard.press('1')
  expect(await heard()).toBe('Cork: place 1 of 1.')
  await pressTab(page, option(/^Aarhus, not ranked/))
  await page.keyboard.press('1')
  expect(await order()).toEqual(['Aarhus', 'Cork'])
  await page.keyboard.press('Alt+ArrowDown')
  expect(await heard()).toBe('Aarhus: place 2 of 2.')
  await pressTab(page, option(/^Bilbao, not ranked/))
  await page.keyboard.press('2')
  expect(await order()).toEqual(['Cork', 'Bilbao', 'Aarhus'])
  await page.keyboard.press('Delete')
  expect(await heard()).toBe('Bilbao: not ranked.')
  expect(await order()).toEqual(['Cork', 'Aarhus'])
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0)

  const go = page.getByRole('button', { name: 'Go on to sign' })
  await pressTab(page, go)
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/a\//)
  await page.getByText('Cork > Aarhus').waitFor()
  const wallet = page.getByRole('button', { name: 'Test wallet of Alice' })
  await wallet.waitFor()
  await pressTab(page, wallet)
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Done' }).waitFor()
  await vi.waitFor(async () => expect((await tallyOf(world, refs[0]!))[0]).toEqual([0n, 0n, 100n * 10n ** 18n]))
  expect(faults).toEqual([])
})

async function pressTab(page: Page, target: ReturnType<Page['locator']>): Promise<void> {
  await target.waitFor()
  for (let presses = 0; presses < 40; presses += 1) {
    if (await target.evaluate((element) => element === document.activeElement)) return
    await page.keyboard.press('Tab')
  }
  throw new Error('the keyboard does not lead there')
}
