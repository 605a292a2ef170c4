import type { Browser, BrowserContext, Page } from 'playwright-core'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { startListener } from '../../core/listen/listener.ts'
import { launchBrowser } from '../support/browser.ts'
import { injectWallet, type WalletMood } from '../support/injected-wallet.ts'
import { openProposal, webWorld, type WebWorld } from '../support/web.ts'

let all: WebWorld
let browser: Browser
let listener: Awaited<ReturnType<typeof startListener>>
let ref = ''
const faults: string[] = []
const contexts: BrowserContext[] = []

const text =
  '# Fund the audit of the bridge\n\nWe pay 40,000 USDC to the auditors. Work starts in March.\n\n<img src=x onerror=alert(1)>\n\n## Why\n\nNobody looked at the bridge so far, and it holds four million.'

beforeAll(async () => {
  ;[all, browser] = await Promise.all([webWorld({ work: true }), launchBrowser()])
  ref = (await openProposal(all, text)).ref
  listener = await startListener(all.ctx)
})
afterEach(async () => {
  await Promise.all(contexts.splice(0).map((context) => context.close()))
  // A blocked script, an unhandled error and a refused asset all end up here.
  expect(faults.splice(0)).toEqual([])
})
afterAll(async () => {
  await browser?.close()
  await listener?.stop()
  await all?.stop()
})

/** A browser with storage of its own. */
async function browserOf(options: Parameters<Browser['newContext']>[0] = {}): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1180, height: 820 }, ...options })
  contexts.push(context)
  context.on('page', (page) => {
    page.setDefaultTimeout(20_000)
    page.on('pageerror', (error) => faults.push(String(error)))
    page.on('console', (message) => {
      if (message.type() === 'error') faults.push(message.text())
    })
  })
  return await context.newPage()
}

/** Opens the playground and becomes somebody built in. */
async function become(page: Page, name: string): Promise<Page> {
  await page.goto(all.web.url)
  await page.getByRole('dialog').getByRole('button', { name }).click()
  await page.getByRole('heading', { name: '# governance' }).waitFor()
  return page
}

async function type(page: Page, line: string, composer = 'composer'): Promise<void> {
  const field = page.locator(`#${composer}-line`)
  await field.fill(line)
  await field.press('Enter')
}

/** Presses the newest link of this name in the chat and hands back the page that it opens. */
async function follow(page: Page, name: string): Promise<Page> {
  const opened = page.context().waitForEvent('page')
  await page.locator('#log').getByRole('link', { name }).last().click()
  return await opened
}

async function link(page: Page, wallet: string): Promise<void> {
  await type(page, '/link')
  const tab = await follow(page, 'Link a wallet')
  await tab.getByRole('button', { name: wallet }).click()
  await tab.locator('#code').waitFor()
  await type(page, (await tab.locator('#line').textContent()) ?? '')
  await tab.getByRole('heading', { name: 'Linked' }).waitFor()
  await tab.close()
}

async function sawCounted(tab: Page): Promise<void> {
  await tab.waitForURL(/\/r\/0x[0-9a-f]{64}$/)
  await tab.locator('ol.steps').getByText('Counted in block').waitFor()
}

test('two people in two tabs read, link, vote with test wallets, and see both votes counted', async () => {
  const [alice, bob] = await Promise.all([
    browserOf().then((page) => become(page, 'Alice')),
    browserOf().then((page) => become(page, 'Bob')),
  ])
  const card = alice.locator('.message', { hasText: `${ref}: Fund the audit` }).first()
  await card.getByText('We pay 40,000 USDC to the auditors.').waitFor()
  expect(await card.textContent()).toContain('Extract, no AI model')

  // A claim leads to the paragraph that it rests on.
  const [full] = await Promise.all([
    alice.context().waitForEvent('page'),
    card.getByRole('link', { name: '¶2' }).click(),
  ])
  expect(await full.locator(':target').textContent()).toContain('We pay 40,000 USDC')
  expect(await full.locator('.prose').textContent()).toContain('<img src=x onerror=alert(1)>')
  await full.close()

  await link(alice, 'Test wallet of Alice')
  await link(bob, 'Test wallet of Bob')
  expect(await bob.locator('#log').textContent()).not.toContain('Alice used')

  await card.getByRole('button', { name: 'For', exact: true }).click()
  const ballot = await follow(alice, 'Sign For')
  await ballot.getByText('You vote For').waitFor()
  await ballot.getByText('Weight 100 TEST').waitFor()
  const signed = ballot.locator('#signed > div')
  expect(await signed.filter({ hasText: /^Choice/ }).textContent()).toBe('ChoiceFor')
  expect(await signed.filter({ hasText: /^ProposalF/ }).textContent()).toBe('ProposalFund the audit of the bridge')
  await ballot.getByRole('button', { name: 'Test wallet of Alice' }).click()
  await sawCounted(ballot)

  await type(bob, `/vote ${ref} against "Too dear for us"`)
  const other = await follow(bob, 'Sign Against')
  await other.getByText('Too dear for us').waitFor()
  await other.getByRole('button', { name: 'Test wallet of Bob' }).click()
  await sawCounted(other)

  // The message in the chat is the same message all the way, and the card counts along in both tabs.
  await alice.getByRole('link', { name: /AutoCo and you/ }).click()
  const receipt = alice.locator('#log .message', { hasText: `Your vote on ${ref}: For` })
  await receipt.getByText(/Signed → sent → counted in block \d+/).waitFor()
  expect(await receipt.count()).toBe(1)
  const tally = bob
    .locator('.message', { hasText: `${ref}: Fund` })
    .first()
    .locator('.tally .row')
  await tally.filter({ hasText: 'For' }).getByText('100 TEST').waitFor()
  await tally.filter({ hasText: 'Against' }).getByText('200 TEST').waitFor()
})

test('a wallet of the browser links and votes, and every way in which it can refuse is a sentence of its own', async () => {
  const own = all.voters[2]!
  const stranger = privateKeyToAccount(generatePrivateKey())
  const mood: WalletMood = { accounts: [own], chainId: 31_337, knows: [31_337] }
  const carol = await browserOf()
  await injectWallet(carol.context(), mood)
  await become(carol, 'Carol')
  await link(carol, 'Fox Wallet')
  await type(carol, `/vote ${ref} abstain`)
  const ballot = await follow(carol, 'Sign Abstain')
  const button = ballot.getByRole('button', { name: 'Fox Wallet' })
  const refused = async (change: Partial<WalletMood>, words: string): Promise<void> => {
    const before = { ...mood }
    Object.assign(mood, change)
    await button.click()
    await ballot.getByRole('status').getByText(words).waitFor()
    Object.assign(mood, { declines: undefined }, before)
  }
  await refused({ declines: 'signature' }, 'You declined in your wallet. Nothing was signed.')
  await refused({ accounts: [stranger] }, `Your wallet is on the account ${stranger.address.slice(0, 6)}…`)
  await refused({ accounts: [] }, 'Your wallet offered no account.')
  await refused({ chainId: 1, knows: [1] }, 'Your wallet does not know Test chain (chain 31337) yet.')
  await refused({ chainId: 1, declines: 'chain' }, 'Your wallet is on another chain. Switch it to Test chain')

  // On the wrong chain it is asked to change, and then it votes.
  mood.chainId = 1
  mood.accounts = [stranger, own]
  await button.click()
  await sawCounted(ballot)
  expect(mood.chainId).toBe(31_337)
})

test('everything can be done with the keyboard alone, on a phone, in the dark', async () => {
  const phone = { viewport: { width: 360, height: 700 }, colorScheme: 'dark', hasTouch: true } as const
  const dave = await browserOf(phone)
  await dave.goto(all.web.url)
  await dave.getByRole('dialog').waitFor()
  for (const _ of ['Bob', 'Carol', 'Dave']) await dave.keyboard.press('Tab')
  await dave.keyboard.press('Enter')
  await dave.locator('#composer-line:focus').waitFor()

  // Completion: the name, then the words, then the answer.
  await dave.keyboard.type('/lin')
  await dave.getByRole('option', { name: '/link' }).waitFor()
  await dave.keyboard.press('Tab')
  await dave.keyboard.press('Enter')
  const tab = await follow(dave, 'Link a wallet')
  const own = tab.getByRole('button', { name: 'Test wallet of Dave' })
  await own.waitFor()
  await pressTab(tab, own)
  await tab.keyboard.press('Enter')
  await tab.locator('#code').waitFor()
  await type(dave, (await tab.locator('#line').textContent()) ?? '')
  await tab.getByRole('heading', { name: 'Linked' }).waitFor()

  // A form asks for the words that are missing.
  await type(dave, `/vote ${ref}`)
  const form = dave.getByRole('dialog', { name: '/vote' })
  await form.getByLabel('Your vote').selectOption('For')
  await form.getByLabel(/^Why/).fill('A reason with “quotes” and a "word"')
  await form.getByRole('button', { name: 'Send' }).press('Enter')
  const ballot = await follow(dave, 'Sign For')
  await ballot.getByText('A reason with “quotes” and a "word"').waitFor()
  for (const page of [dave, ballot, tab]) {
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
    expect(overflow).toBeLessThanOrEqual(0)
  }
  const wallet = ballot.getByRole('button', { name: 'Test wallet of Dave' })
  await wallet.waitFor()
  await pressTab(ballot, wallet)
  await ballot.keyboard.press('Enter')
  await sawCounted(ballot)
  const download = ballot.waitForEvent('download')
  await ballot.getByRole('link', { name: 'Download the ballot' }).press('Enter')
  expect((await download).suggestedFilename()).toMatch(new RegExp(`^ballot-${ref}-[0-9a-f]{8}\\.json$`))
})

test('talk in a card’s thread is seen by others at once, and a tab goes on where it was after a restart', async () => {
  const [erin, bob] = await Promise.all([
    browserOf().then((page) => become(page, 'Erin')),
    browserOf().then((page) => become(page, 'Bob')),
  ])
  const card = (page: Page) => page.locator('#log .message', { hasText: `${ref}: Fund` }).first()
  await card(bob).locator('.thread-link').click()
  await card(erin).locator('.thread-link').click()
  await type(erin, 'Who <b>audits</b> the auditors?', 'thread-composer')
  await bob.locator('#thread-log').getByText('Who <b>audits</b> the auditors?').waitFor()
  await card(bob).getByText('1 reply').waitFor()

  await all.web.stop()
  await bob.getByText('The connection broke. Trying again…').waitFor()
  await type(bob, 'typed while it was away', 'thread-composer')
  await bob.getByText('AutoCo does not answer.').waitFor()
  expect(await bob.locator('#thread-composer-line').inputValue()).toBe('typed while it was away')
  await all.web.start(all.app)
  await bob.locator('#notice').waitFor({ state: 'hidden', timeout: 15_000 })
  await type(erin, 'Back again', 'thread-composer')
  await bob.locator('#thread-log').getByText('Back again').waitFor()
  // The browser itself says that a request failed; that is what this test is about.
  faults.splice(0, faults.length, ...faults.filter((fault) => !/ERR_|Failed to load resource/.test(fault)))

  // A reload stays who one was, and where.
  await bob.reload()
  await bob.getByRole('button', { name: 'You are Bob' }).waitFor()
  await bob.locator('#thread-log').getByText('Back again').waitFor()
})

test('a DAO is thought up in chat and made on a page by a wallet that sends a transaction, and the chat follows it', async () => {
  const erin = await become(await browserOf(), 'Erin')
  await link(erin, 'Test wallet of Erin')
  await type(erin, '/dao-new "Reef & Sons" grants reef me 10')
  await erin.locator('#log').getByText('Reef & Sons: a DAO in the making').waitFor()
  await erin.locator('#log').getByRole('button', { name: 'Make this DAO' }).click()
  const page = await follow(erin, 'Make it with my wallet')
  await page.getByRole('heading', { name: 'Make Reef & Sons' }).waitFor()
  await page.getByText('Sends, and pays the gas: Make Reef & Sons').waitFor()
  await page.getByRole('button', { name: 'Test wallet of Erin' }).click()
  await page.getByRole('heading', { name: 'Done' }).waitFor()

  await erin.getByRole('link', { name: /AutoCo and you/ }).click()
  const told = erin.locator('#log .message', { hasText: 'Done: Make Reef & Sons' })
  await told.getByText(/Make Reef & Sons: sent → done in block \d+/).waitFor()
  await told.getByRole('button', { name: 'Watch Reef & Sons here' }).waitFor()
})

/** Goes through the page by tabulator until this is what has the focus. */
async function pressTab(page: Page, target: ReturnType<Page['locator']>): Promise<void> {
  for (let presses = 0; presses < 40; presses += 1) {
    if (await target.evaluate((element) => element === document.activeElement)) return
    await page.keyboard.press('Tab')
  }
  throw new Error('the keyboard does not lead there')
}
