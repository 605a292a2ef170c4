import { randomBytes } from 'node:crypto'
import type { LocalAccount } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  acceptBallot,
  acceptLaunch,
  ballotTypedData,
  beginLogin,
  finishLogin,
  linkMessage,
  openTicket,
  proveLink,
  type Context,
} from '../../core/index.ts'
import { pollOnce } from '../../core/listen/listener.ts'
import { ringDigests } from '../../core/digest/jobs/digests.ts'
import { three, type Side, type Three } from '../support/three.ts'
import { times } from '../support/world.ts'

let all: Three
let ctx: Context
let sides: Side[]
beforeAll(async () => {
  all = await three()
  ctx = all.w.ctx
  sides = Object.values(all.sides)
  await all.w.chain.rpc('anvil_mine', ['0x50'])
  await pollOnce(ctx)
})
afterAll(async () => {
  await all.stop()
  expect(all.discord.violations).toEqual([])
  expect(all.slack.violations).toEqual([])
  expect(all.telegram.violations.filter((one) => !one.includes('message is not modified'))).toEqual([])
})

const newest = (words: string, side: Side) => side.own().findLast((message) => message.words.includes(words))
const pageIn = (side: Side, words: string, path: string): string => {
  const url = newest(words, side)?.links.find((link) => link.includes(`vote.example.org/${path}/`))
  if (url === undefined) throw new Error(`${side.name} shows no such page yet`)
  return url.split('/').at(-1) ?? ''
}

/** `/link`, the page with the platform's own proof of the account, one signature: no code is typed. */
async function link(side: Side, wallet: LocalAccount): Promise<void> {
  await side.type('link')
  await all.until(() => void pageIn(side, 'Link a wallet', 'l'))
  const browser = { ticket: pageIn(side, 'Link a wallet', 'l'), cookie: randomBytes(16).toString('base64url') }
  await openTicket(ctx, browser)
  if (side.name === 'telegram') await acceptLaunch(ctx, { ...browser, data: side.login('') })
  else {
    const { url } = await beginLogin(ctx, browser)
    const back = new URL(side.name === 'slack' ? await all.slack.consent(side.user, url) : side.login(url))
    const { code = '', state = '' } = Object.fromEntries(back.searchParams)
    await finishLogin(ctx, { platform: side.name, code, state, cookie: browser.cookie })
  }
  const { message } = await linkMessage(ctx, { ...browser, address: wallet.address, chainId: ctx.chain.id })
  const proved = await proveLink(ctx, { ...browser, signature: await wallet.signMessage({ message }) })
  expect(proved.code).toBeUndefined()
}

const cardOf = (side: Side, ref: string) => side.channel().find(({ words }) => words.includes(`${ref}:`))

async function sign(side: Side, wallet: LocalAccount, vote: string): Promise<string> {
  await all.until(() => void pageIn(side, `Vote ${vote}`, 'b'))
  const draft = pageIn(side, `Vote ${vote}`, 'b')
  const { typedData } = await ballotTypedData(ctx, { draft, address: wallet.address })
  const signature = await wallet.signTypedData(typedData as never)
  return (await acceptBallot(ctx, { draft, address: wallet.address, signature })).id
}

describe('on Discord, Telegram and Slack at once', () => {
  test('a DAO is watched in a channel of each', async () => {
    for (const side of sides) {
      await side.type(`watch ${all.w.autoDao.dao} auto`)
      await all.until(() => expect(side.channel().some(({ words }) => words.includes('Test DAO'))).toBe(true))
    }
  })

  test('one person links the same wallet from all three, each account proved by its platform', async () => {
    const wallet = all.w.voters[0]!
    for (const side of sides) await link(side, wallet)
    const accounts = await ctx.db.selectFrom('account').select(['platform', 'person_id', 'proof']).execute()
    expect(accounts.map(({ platform }) => platform).toSorted()).toEqual(['discord', 'slack', 'telegram'])
    expect(new Set(accounts.map(({ person_id }) => person_id)).size).toBe(1)
    expect(new Set(accounts.map(({ proof }) => proof))).toEqual(new Set(['oauth']))
  })

  test('a proposal is one card with its summary in each channel', async () => {
    await all.w.propose(
      all.w.autoDao,
      '# Fund the audit\n\nWe pay 40,000 USDC to the auditors. The work starts in March.',
    )
    await all.w.chain.travel(times.votingDelay + 2)
    await all.until(() => {
      for (const side of sides) {
        const card = cardOf(side, 'auto-1')
        expect(card?.words).toContain('Fund the audit')
        expect(card?.words).toContain('Open for votes')
        expect(card?.words).toContain('We pay 40,000 USDC to the auditors')
        expect(card?.buttons).toContain('vote auto-1 for')
        expect(side.channel().filter(({ words }) => words.includes('auto-1:'))).toHaveLength(1)
      }
    })
  })

  test('a vote that starts on Discord is counted, and shows as counted on the others', async () => {
    const { discord, telegram, slack } = all.sides
    const wallet = all.w.voters[0]!
    await discord.press(cardOf(discord, 'auto-1')!.id, 'vote auto-1 for')
    await sign(discord, wallet, 'For on auto-1')
    await all.until(() => {
      for (const side of sides) expect(cardOf(side, 'auto-1')?.words).toMatch(/For[\s\S]*100 %[\s\S]*100 TEST/)
    })
    await all.until(() =>
      expect(newest('counted in block', discord)?.words).toMatch(/Signed → sent → counted in block \d+/),
    )
    for (const side of [telegram, slack]) {
      await side.type('proposal auto-1')
      await all.until(() =>
        expect(newest('You:', side)?.words).toMatch(/You: For on Discord: signed → sent → counted in block \d+/),
      )
      await side.press(cardOf(side, 'auto-1')!.id, 'vote auto-1 against')
      await all.until(() => expect(newest('You voted', side)?.words).toMatch(/You voted For on Discord/))
    }
  })

  test.each(['telegram', 'slack'] as const)('a vote that starts on %s is counted as well', async (name) => {
    const side = all.sides[name]
    const ref = name === 'telegram' ? 'auto-2' : 'auto-3'
    await all.w.propose(all.w.autoDao, `# Vote by ${name}`)
    await all.w.chain.travel(times.votingDelay + 2)
    await all.until(() => expect(cardOf(side, ref)?.buttons).toContain(`vote ${ref} abstain`))
    await side.press(cardOf(side, ref)!.id, `vote ${ref} abstain`)
    await sign(side, all.w.voters[0]!, `Abstain on ${ref}`)
    await all.until(() => expect(newest('counted in block', side)?.words).toContain(ref))
    await all.until(() => {
      for (const each of sides) expect(cardOf(each, ref)?.words).toMatch(/Abstain[\s\S]*100 %/)
    })
  })

  test('a card that is shared in some other chat carries buttons that work there, and the running tally', async () => {
    const { telegram } = all
    const side = all.sides.telegram
    const user = Number(side.user)
    await all.w.propose(all.w.autoDao, '# Vote wherever you are')
    await all.w.chain.travel(times.votingDelay + 2)
    await all.until(() => expect(cardOf(side, 'auto-4')?.buttons).toContain('vote auto-4 for'))
    const { id, results } = await telegram.ask(user, 'wherever')
    expect(results.map((result) => result['id'])).toEqual(['auto-4'])
    const inline = telegram.choose(user, id, 'auto-4')
    expect(telegram.inlineMessage(inline).words).not.toMatch(/100 %/)
    const pressed = telegram.press(user, { inline }, 'For')
    await all.until(() => expect(telegram.answerTo(pressed)?.['url']).toMatch(/\?start=vote_auto-4_for$/))
    telegram.start(user, 'vote_auto-4_for')
    await sign(side, all.w.voters[0]!, 'For on auto-4')
    await all.until(() => expect(telegram.inlineMessage(inline).words).toMatch(/For[\s\S]*100 %[\s\S]*100 TEST/))
    expect(telegram.inlineMessage(inline).active).toEqual([])
  })

  test('the Home in Slack shows what is open, what the wallets weigh, and what became of the last votes', async () => {
    await all.slack.openHome(all.sides.slack.user)
    await all.until(() => expect(all.slack.home(all.sides.slack.user)?.text).toMatch(/Test DAO: 100 TEST/))
    const home = all.slack.home(all.sides.slack.user)!
    expect(home.text).toMatch(/You voted[\s\S]*auto-1[\s\S]*Your last votes[\s\S]*counted/)
    expect(home.buttons.map(({ label }) => label)).toEqual(expect.arrayContaining(['My power', 'Receipt auto-4']))
  })

  test.each(['discord', 'telegram', 'slack'] as const)(
    'a digest that is set up on %s comes at its time, and is shown now or left out by its buttons',
    async (name) => {
      const side = all.sides[name]
      await side.type('digest all all "daily 9:00" UTC')
      await all.until(() => expect(newest('The digest of this channel', side)?.words).toContain('daily 9:00'))
      all.w.wait(25 * 60)
      await ringDigests(ctx)
      const digest = () => side.channel().findLast(({ words }) => words.includes('Digest: Test DAO'))
      await all.until(() => expect(digest()?.words).toMatch(/Since [\s\S]*auto-\d/))
      await side.press(digest()!.id, 'digest-now')
      await all.until(() => expect(newest('Digest: Test DAO', side)).toBeDefined())
      await side.press(digest()!.id, 'digest-snooze')
      await all.until(() => expect(newest('The next one is left out', side)).toBeDefined())
    },
  )
})
