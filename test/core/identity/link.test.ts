import fc from 'fast-check'
import { createPublicClient, hashMessage, http } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createApp, UserError } from '../../../core/index.ts'
import { confirmLink } from '../../../core/identity/confirm.ts'
import { erase } from '../../../core/forget/erase.ts'
import { linkMessage, proveLink } from '../../../core/identity/link.ts'
import { findPerson } from '../../../core/identity/person.ts'
import { proveSignature } from '../../../core/identity/signature.ts'
import { checkSiwe } from '../../../core/identity/siwe.ts'
import { openTicket } from '../../../core/identity/ticket.ts'
import {
  account,
  askLink,
  caller,
  channel,
  linkWallet,
  linkWorld,
  openPage,
  signOn,
  textOf,
  type LinkWorld,
} from '../../support/linking.ts'

let world: LinkWorld
beforeAll(async () => {
  world = await linkWorld()
})
afterAll(() => world.stop())

describe('linking a wallet', () => {
  test('goes from /link over one signature to the code typed back', async () => {
    const { ctx, app, chain } = world
    const alice = caller('alice')
    const wallet = account(chain, 0)
    const place = { platform: 'playground', id: 'general' }
    const asked = await app.run({ caller: alice, channel: place, line: '/link' })
    expect(asked.audience).toBe('caller')
    const url = asked.view.actions?.find((action) => 'open' in action)
    const ticket = url && 'open' in url ? (url.open.split('/').pop() ?? '') : ''
    expect(ticket).toMatch(/^[\w-]{22}$/)
    const browser = { ticket, cookie: 'cookie-of-alice' }
    expect(await openTicket(ctx, browser)).toMatchObject({ account: { user: 'alice' }, step: 'connect' })
    const { code } = await signOn(ctx, browser, wallet)
    expect(await openTicket(ctx, browser)).toMatchObject({ step: 'code' })
    expect(await findPerson(ctx, alice)).toBeUndefined()
    const half = `${code.slice(0, 3)} ${code.slice(3)}`
    const said = await app.run({ caller: alice, channel: place, line: `/link ${half}` })
    expect(textOf(said.view)).toContain(wallet.address)
    expect(await openTicket(ctx, browser)).toMatchObject({ step: 'linked' })
    expect(await findPerson(ctx, alice)).toMatchObject({
      accounts: [{ user_id: 'alice', proof: 'code' }],
      wallets: [{ address: wallet.address, verified: 'eoa' }],
    })
    expect(textOf((await app.run({ caller: alice, channel: place, line: '/whoami' })).view)).toContain(wallet.address)
  })

  test('shows the wallet a text that names the account, our page, the chain and an end', async () => {
    const { ctx, chain } = world
    const browser = await openPage(ctx, caller('1234567890', { platform: 'discord', workspace: '77', name: 'alice' }))
    const { message } = await linkMessage(ctx, { ...browser, address: account(chain, 0).address, chainId: 31_337 })
    expect(message).toContain('vote.example.org wants you to sign in')
    expect(message).toContain('Link this wallet to Discord account 1234567890 (alice). It moves no funds')
    expect(message).toContain('URI: https://vote.example.org/\n')
    expect(message).toContain('Chain ID: 31337')
    expect(message).toMatch(/Expiration Time: .+\nRequest ID: [0-9a-f]{32}\n/)
    expect(message).toContain('- autoco:link:v1\n- platform:discord:77:1234567890')
  })

  test('keeps neither ticket, cookie nor code in the database', async () => {
    const { ctx, chain } = world
    const who = caller('keeper')
    const browser = await openPage(ctx, who)
    const { code } = await signOn(ctx, browser, account(chain, 1))
    const row = JSON.stringify(await ctx.db.selectFrom('ticket').selectAll().where('user_id', '=', 'keeper').execute())
    expect(row).not.toContain(browser.ticket)
    expect(row).not.toContain(browser.cookie)
    expect(row).not.toMatch(new RegExp(`"${code}"`))
  })

  test('lets another wallet be chosen before the code is typed; the first one’s code is void then', async () => {
    const { ctx, chain } = world
    const who = caller('chooser')
    const browser = await openPage(ctx, who)
    const first = await signOn(ctx, browser, account(chain, 2))
    const second = await signOn(ctx, browser, account(chain, 3))
    if (first.code !== second.code)
      await expect(confirmLink(ctx, { caller: who, code: first.code })).rejects.toMatchObject({ code: 'code' })
    const person = await confirmLink(ctx, { caller: who, code: second.code })
    expect(person.wallets.map((wallet) => wallet.address)).toEqual([account(chain, 3).address])
  })

  test('gathers several wallets and accounts in one person', async () => {
    const { ctx, chain } = world
    const chat = caller('many')
    const other = caller('many-elsewhere', { platform: 'telegram' })
    await linkWallet(ctx, chat, account(chain, 4))
    await linkWallet(ctx, chat, account(chain, 5))
    const person = await linkWallet(ctx, other, account(chain, 4))
    expect(person.merged).toBe(false)
    expect(person.accounts.map((each) => each.platform).toSorted()).toEqual(['playground', 'telegram'])
    expect(person.wallets).toHaveLength(2)
  })

  test('makes one person of two when an account of one proves a wallet of the other', async () => {
    const { ctx, chain } = world
    const one = caller('one')
    const two = caller('two', { platform: 'slack' })
    await linkWallet(ctx, one, account(chain, 6))
    await linkWallet(ctx, two, account(chain, 7))
    const merged = await linkWallet(ctx, two, account(chain, 6))
    expect(merged.merged).toBe(true)
    expect(merged.wallets).toHaveLength(2)
    expect((await findPerson(ctx, one))?.id).toBe(merged.id)
    const audit = await ctx.db.selectFrom('audit').select('event').where('person_id', '=', merged.id).execute()
    expect(audit.map((entry) => entry.event).toSorted()).toEqual(['link', 'link', 'merge'])
  })

  test('tells the accounts that were there before, and not the one that did it', async () => {
    const { ctx, chain } = world
    const before = caller('before', { platform: 'slack' })
    const after = caller('after')
    await linkWallet(ctx, before, account(chain, 8))
    await linkWallet(ctx, after, account(chain, 8))
    const told = await ctx.db.selectFrom('effect').select(['platform', 'channel', 'view']).execute()
    const mine = told.filter(({ channel }) => channel === '@before' || channel === '@after')
    expect(mine).toMatchObject([{ platform: 'slack', channel: '@before' }])
    expect(textOf(mine[0]?.view)).toContain('account after was linked with the wallet')
    await erase(ctx, { caller: before })
    expect(await ctx.db.selectFrom('effect').select('key').where('channel', '=', '@before').execute()).toEqual([])
  })
})

describe('a ticket is refused', () => {
  test('when it has expired', async () => {
    const late = await linkWorld()
    try {
      const browser = await openPage(late.ctx, caller('late'))
      const { code } = await signOn(late.ctx, browser, account(late.chain, 0))
      late.wait(11)
      await expect(openTicket(late.ctx, browser)).rejects.toMatchObject({ code: 'expired' })
      await expect(signOn(late.ctx, browser, account(late.chain, 0))).rejects.toThrow('expired')
      await expect(confirmLink(late.ctx, { caller: caller('late'), code })).rejects.toMatchObject({ code: 'expired' })
    } finally {
      await late.stop()
    }
  })

  test('when it was used', async () => {
    const { ctx, chain } = world
    const who = caller('user')
    const browser = await openPage(ctx, who)
    const { code } = await signOn(ctx, browser, account(chain, 1))
    await confirmLink(ctx, { caller: who, code })
    await expect(signOn(ctx, browser, account(chain, 1))).rejects.toMatchObject({ code: 'used' })
    await expect(confirmLink(ctx, { caller: who, code })).rejects.toMatchObject({ code: 'used' })
  })

  test('when it was forwarded to another browser', async () => {
    const { ctx, chain } = world
    const browser = await openPage(ctx, caller('forwarder'))
    const stranger = { ...browser, cookie: 'another-cookie' }
    await expect(openTicket(ctx, stranger)).rejects.toMatchObject({ code: 'foreign' })
    await expect(signOn(ctx, stranger, account(chain, 1))).rejects.toMatchObject({ code: 'foreign' })
    await expect(signOn(ctx, { ...browser, cookie: '' }, account(chain, 1))).rejects.toMatchObject({ code: 'foreign' })
  })

  test('when nobody opened it, when it is unknown, and when a newer one took its place', async () => {
    const { ctx, chain } = world
    const who = caller('impatient')
    const unopened = await askLink(ctx, who)
    await expect(signOn(ctx, unopened, account(chain, 1))).rejects.toMatchObject({ code: 'cookie' })
    await expect(openTicket(ctx, { ticket: 'nobody-made-this-one', cookie: 'x' })).rejects.toMatchObject({
      code: 'unknown',
    })
    await askLink(ctx, who)
    await expect(openTicket(ctx, unopened)).rejects.toMatchObject({ code: 'expired' })
  })

  test('when somebody asks for too many', async () => {
    const { ctx } = world
    const who = caller('asker')
    for (let count = 0; count < 20; count++) await askLink(ctx, who)
    await expect(askLink(ctx, who)).rejects.toMatchObject({ code: 'limit' })
  })
})

describe('a wallet is refused', () => {
  test('on another chain', async () => {
    const { ctx, chain } = world
    const browser = await openPage(ctx, caller('far'))
    const wallet = account(chain, 1)
    await expect(linkMessage(ctx, { ...browser, address: wallet.address, chainId: 1 })).rejects.toThrow(
      'Your wallet is on chain 1; AutoCo works on Test chain (chain 31337).',
    )
  })

  test('without an address, or with one whose letters are wrong', async () => {
    const { ctx, chain } = world
    const browser = await openPage(ctx, caller('typo'))
    const wrong = account(chain, 1).address.replace(/[a-f]/, (letter) => letter.toUpperCase())
    for (const address of ['alice.eth', '0x12', wrong])
      await expect(linkMessage(ctx, { ...browser, address, chainId: 31_337 })).rejects.toMatchObject({
        code: 'address',
      })
  })

  test('when another wallet signed, naming both', async () => {
    const { ctx, chain } = world
    const browser = await openPage(ctx, caller('mixed'))
    const { message } = await linkMessage(ctx, { ...browser, address: account(chain, 1).address, chainId: 31_337 })
    const signature = await account(chain, 2).signMessage({ message })
    await expect(proveLink(ctx, { ...browser, signature })).rejects.toThrow(
      `This was signed by ${account(chain, 2).address}, not by ${account(chain, 1).address}.`,
    )
  })

  test('when it signed another text: of another site, chain, nonce or time', async () => {
    const { ctx, chain } = world
    const browser = await openPage(ctx, caller('phished'))
    const wallet = account(chain, 1)
    const { message } = await linkMessage(ctx, { ...browser, address: wallet.address, chainId: 31_337 })
    const forgeries = [
      message.replace('vote.example.org wants', 'evil.example.org wants'),
      message.replace('Chain ID: 31337', 'Chain ID: 1'),
      message.replace(/Nonce: \w+/, 'Nonce: 0123456789abcdef'),
      message.replace(/Expiration Time: \d{4}/, 'Expiration Time: 2999'),
    ]
    for (const forged of forgeries) {
      expect(forged).not.toBe(message)
      const signature = await wallet.signMessage({ message: forged })
      await expect(proveLink(ctx, { ...browser, signature })).rejects.toMatchObject({ code: 'signer' })
    }
  })

  test('before there is a text to sign', async () => {
    const { ctx } = world
    const browser = await openPage(ctx, caller('early'))
    await expect(proveLink(ctx, { ...browser, signature: '0x12' })).rejects.toMatchObject({ code: 'step' })
  })
})

test('while the chain is away a link waits, and goes on afterwards', async () => {
  const { ctx, chain } = world
  const away = createPublicClient({ transport: http('http://127.0.0.1:1', { retryCount: 0 }) })
  const cut = { ...ctx, chain: { ...ctx.chain, client: away } }
  const who = caller('patient')
  const browser = await openPage(cut, who)
  const wallet = account(chain, 1)
  await expect(signOn(cut, browser, wallet)).rejects.toMatchObject({ name: 'RetryableError' })
  const { code } = await signOn(ctx, browser, wallet)
  expect((await confirmLink(cut, { caller: who, code })).linked).toBe(wallet.address)
  const { view } = await createApp(cut, []).run({ caller: who, channel, line: '/whoami' })
  expect(textOf(view)).toContain('the chain does not answer right now')
})

test('a thousand texts and signatures with one letter changed are all refused', async () => {
  const { ctx, chain } = world
  const wallet = account(chain, 1)
  const browser = await openPage(ctx, caller('mutant'))
  const { message } = await linkMessage(ctx, { ...browser, address: wallet.address, chainId: 31_337 })
  const signature = await wallet.signMessage({ message })
  const nonce = /Nonce: (\w+)/.exec(message)?.[1] ?? ''
  const expected = { domain: 'vote.example.org', uri: 'https://vote.example.org/', chainId: 31_337, nonce }
  const taken = async (text: string, signed: string): Promise<boolean> => {
    try {
      await checkSiwe(text, { ...expected, address: wallet.address, time: ctx.now() })
      await proveSignature(ctx, { address: wallet.address, hash: hashMessage(text), signature: signed })
      return true
    } catch (error) {
      if (error instanceof UserError) return false
      throw error
    }
  }
  expect(await taken(message, signature)).toBe(true)
  const letter = fc.string({ unit: 'binary', minLength: 1, maxLength: 1 })
  const at = (text: string): fc.Arbitrary<number> => fc.nat({ max: text.length - 1 })
  const changed = (text: string, index: number, by: string): string => text.slice(0, index) + by + text.slice(index + 1)
  await fc.assert(
    fc.asyncProperty(at(message), letter, async (index, by) => {
      const text = changed(message, index, by)
      return text === message || !(await taken(text, signature))
    }),
    { numRuns: 500 },
  )
  await fc.assert(
    fc.asyncProperty(at(signature), letter, async (index, by) => {
      const signed = changed(signature, index, by)
      return signed.toLowerCase() === signature || !(await taken(message, signed))
    }),
    { numRuns: 500 },
  )
})

describe('a code is refused', () => {
  test('five times when it is wrong, and then the link is closed even for the right one', async () => {
    const { ctx, chain } = world
    const who = caller('guesser')
    const { code } = await signOn(ctx, await openPage(ctx, who), account(chain, 1))
    const wrong = code === '000000' ? '000001' : '000000'
    for (const left of ['4 tries', '3 tries', '2 tries', '1 try'])
      await expect(confirmLink(ctx, { caller: who, code: wrong })).rejects.toThrow(`${left} left`)
    await expect(confirmLink(ctx, { caller: who, code: wrong })).rejects.toMatchObject({ code: 'limit' })
    await expect(confirmLink(ctx, { caller: who, code })).rejects.toMatchObject({ code: 'limit' })
    expect(await findPerson(ctx, who)).toBeUndefined()
  })

  test('from another account, workspace or platform', async () => {
    const { ctx, chain } = world
    const who = caller('owner', { workspace: 'w1' })
    const { code } = await signOn(ctx, await openPage(ctx, who), account(chain, 1))
    for (const other of [{ user: 'thief' }, { workspace: 'w2' }, { platform: 'slack' }])
      await expect(confirmLink(ctx, { caller: { ...who, ...other }, code })).rejects.toMatchObject({
        code: 'not-found',
      })
    expect((await confirmLink(ctx, { caller: who, code })).linked).toBe(account(chain, 1).address)
  })

  test('when it is no code at all', async () => {
    const { app } = world
    const place = { platform: 'playground', id: 'general' }
    const { view } = await app.run({ caller: caller('words'), channel: place, line: '/link me please' })
    expect(textOf(view)).toContain('A code is six digits')
  })
})

describe('at the same time', () => {
  test('a hundred submits of one code make one link', async () => {
    const { ctx, chain } = world
    const who = caller('racer')
    const { code } = await signOn(ctx, await openPage(ctx, who), account(chain, 8))
    const outcomes = await Promise.allSettled(
      Array.from({ length: 100 }, () => confirmLink(ctx, { caller: who, code })),
    )
    expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(1)
    const rows = await ctx.db
      .selectFrom('wallet')
      .selectAll()
      .where('address', '=', account(chain, 8).address)
      .execute()
    expect(rows).toHaveLength(1)
    const audit = await ctx.db
      .selectFrom('audit')
      .selectAll()
      .where('person_id', '=', rows[0]?.person_id ?? '')
      .execute()
    expect(audit).toHaveLength(1)
  })

  test('a hundred signatures on one ticket leave one code that counts', async () => {
    const { ctx, chain } = world
    const who = caller('signer')
    const browser = await openPage(ctx, who)
    const wallet = account(chain, 8)
    const { message } = await linkMessage(ctx, { ...browser, address: wallet.address, chainId: 31_337 })
    const signature = await wallet.signMessage({ message })
    const proved = await Promise.all(Array.from({ length: 100 }, () => proveLink(ctx, { ...browser, signature })))
    const { code_hash } = await ctx.db
      .selectFrom('ticket')
      .select('code_hash')
      .where('user_id', '=', 'signer')
      .executeTakeFirstOrThrow()
    expect(code_hash).not.toBeNull()
    expect(new Set(proved.map(({ code }) => code)).size).toBeGreaterThan(1)
  })

  test('two browsers that open one ticket: one keeps it', async () => {
    const { ctx } = world
    const browser = await askLink(ctx, caller('twins'))
    const outcomes = await Promise.allSettled(
      Array.from({ length: 10 }, (_, index) => openTicket(ctx, { ...browser, cookie: `cookie-${index}` })),
    )
    expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(1)
  })

  test('two people race for one wallet and end as one person who holds it', async () => {
    const { ctx, chain } = world
    const people = [caller('left'), caller('right', { platform: 'telegram' })]
    const wallet = chain.accounts[9]
    if (!wallet) throw new Error('no wallet')
    const codes: string[] = []
    for (const who of people) codes.push((await signOn(ctx, await openPage(ctx, who), wallet)).code)
    await Promise.all(people.map((who, index) => confirmLink(ctx, { caller: who, code: codes[index] ?? '' })))
    const found = await Promise.all(people.map((who) => findPerson(ctx, who)))
    expect(found[0]?.id).toBe(found[1]?.id)
    expect(found[0]?.wallets).toHaveLength(1)
  })
})
