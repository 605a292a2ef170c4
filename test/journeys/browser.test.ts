import { mkdirSync } from 'node:fs'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchBrowser } from '../support/browser.ts'
import { openProposal, webWorld, type WebWorld } from '../support/web.ts'

let all: WebWorld
let browser: Browser
let ref = ''

beforeAll(async () => {
  ;[all, browser] = await Promise.all([webWorld({ work: true }), launchBrowser()])
  const text = '# Fund the audit of the bridge\n\nWe pay 40,000 USDC to the auditors. Work starts in March.'
  ref = (await openProposal(all, text)).ref
})
afterAll(async () => {
  await browser.close()
  await all.stop()
})

const shots = '/tmp/shots'
mkdirSync(shots, { recursive: true })
const shoot = (page: Page, name: string) => page.screenshot({ path: `${shots}/${name}.png` })

/** A tab with storage of its own, in which somebody built in was chosen. */
async function tabOf(name: string, viewport = { width: 1180, height: 820 }): Promise<Page> {
  const context = await browser.newContext({ viewport })
  const page = await context.newPage()
  page.on('pageerror', (error) => faults.push(String(error)))
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text())
  })
  await page.goto(all.web.url)
  await shoot(page, 'people')
  await page.getByRole('button', { name: new RegExp(`^${name}\\b`) }).click()
  await page.getByRole('heading', { name: '# governance' }).waitFor()
  return page
}
const faults: string[] = []

async function type(page: Page, line: string): Promise<void> {
  const field = page.locator('#composer-line')
  await field.fill(line)
  await field.press('Enter')
}

/** Presses a button of the newest message that has it, and hands back the page that it opens. */
async function follow(page: Page, name: string): Promise<Page> {
  const opened = page.context().waitForEvent('page')
  await page.locator('#log').getByRole('link', { name }).last().click()
  const tab = await opened
  await tab.waitForLoadState()
  return tab
}

async function link(page: Page, wallet: string): Promise<void> {
  await type(page, '/link')
  const tab = await follow(page, 'Link a wallet')
  await tab.getByRole('button', { name: wallet }).click()
  const line = (await tab.locator('#line').textContent()) ?? ''
  await tab.locator('#code').waitFor()
  await shoot(tab, 'link')
  await type(page, (await tab.locator('#line').textContent()) ?? line)
  await tab.getByRole('heading', { name: 'Linked' }).waitFor()
  await tab.close()
}

test('two people link and vote with test wallets, and see their votes counted', { timeout: 60_000 }, async () => {
  const [alice, bob] = await Promise.all([tabOf('Alice'), tabOf('Bob')])
  await alice.getByRole('heading', { name: ref }).waitFor()
  await alice.getByText('Extract, no AI model').waitFor()
  await shoot(alice, 'card')
  const full = await follow(alice, 'Full text')
  await full.screenshot({ path: `${shots}/proposal.png`, fullPage: true })
  await link(alice, 'Test wallet of Alice')
  await shoot(alice, 'linked')
  await type(alice, `/vote ${ref} for Because it is needed`)
  const page = await follow(alice, 'Sign For')
  await page.getByRole('button', { name: 'Test wallet of Alice' }).waitFor()
  await page.screenshot({ path: `${shots}/ballot.png`, fullPage: true })
  await page.getByRole('button', { name: 'Test wallet of Alice' }).click()
  await page.locator('ol.steps').getByText('Counted in block').waitFor()
  await page.screenshot({ path: `${shots}/receipt.png`, fullPage: true })
  await alice.getByRole('link', { name: 'AutoCo and you' }).click()
  await alice.getByText('counted in block').waitFor()
  await shoot(alice, 'counted')
  await bob.close()
  expect(faults).toEqual([])
})
