import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createApp, UserError, type Platform, type ProvesAccounts, type ProvesLaunches } from '../../../core/index.ts'
import { linkMessage, proveLink } from '../../../core/identity/link.ts'
import { findPerson } from '../../../core/identity/person.ts'
import { acceptLaunch, beginLogin, finishLogin } from '../../../core/identity/prove-account.ts'
import { openTicket } from '../../../core/identity/ticket.ts'
import { account, caller, linkWorld, openPage, signOn, type Browser, type LinkWorld } from '../../support/linking.ts'

/** A platform with a login of its own: it knows who is at each browser, and gives a code for one redirect and challenge. */
const codes = new Map<string, { user: string; redirectUri: string; challenge: string }>()
const platform: Platform & ProvesAccounts & ProvesLaunches = {
  name: 'login',
  start: async () => undefined,
  stop: async () => undefined,
  send: async (to) => ({ platform: 'login', channel: to.id, id: '1' }),
  edit: async () => undefined,
  loginUrl: ({ state, redirectUri, challenge }) =>
    `https://login.example.org/?${new URLSearchParams({ state, redirect_uri: redirectUri, challenge })}`,
  async login({ code, redirectUri, verifier }) {
    const known = codes.get(code)
    codes.delete(code)
    const challenge = createHash('sha256').update(verifier).digest('base64url')
    if (!known || known.redirectUri !== redirectUri || known.challenge !== challenge)
      throw new UserError('The login was not confirmed.')
    return { workspace: '', user: known.user, name: known.user }
  },
  launch(data) {
    const { user, hash } = JSON.parse(data) as { user: string; hash: string }
    return { account: { workspace: '', user, name: user }, startParam: undefined, hash }
  },
  startLine: async (startParam) => startParam.replaceAll('_', ' '),
}

let world: LinkWorld
beforeAll(async () => {
  world = await linkWorld()
  createApp(world.ctx, [platform])
})
afterAll(() => world.stop())

const who = (user: string) => caller(user, { platform: 'login' })

/** Whoever is logged in at this browser presses “Authorize”; what comes back is what the browser brings home. */
async function authorize(browser: Browser, user: string): Promise<{ code: string; state: string }> {
  const { url } = await beginLogin(world.ctx, browser)
  const query = new URL(url).searchParams
  const code = `code-of-${user}-${codes.size}-${query.get('state')}`
  codes.set(code, { user, redirectUri: query.get('redirect_uri') ?? '', challenge: query.get('challenge') ?? '' })
  return { code, state: query.get('state') ?? '' }
}

describe('a link whose account is proved by its platform', () => {
  test('needs no code: the signature links at once, and the chat hears of it', async () => {
    const { ctx, chain } = world
    const browser = await openPage(ctx, who('anna'))
    expect(await openTicket(ctx, browser)).toMatchObject({ proof: 'login', step: 'connect' })
    const back = await authorize(browser, 'anna')
    await finishLogin(ctx, { platform: 'login', ...back, cookie: browser.cookie })
    expect(await openTicket(ctx, browser)).toMatchObject({ proof: 'proved', step: 'connect' })
    const wallet = account(chain, 1)
    const { message } = await linkMessage(ctx, { ...browser, address: wallet.address, chainId: ctx.chain.id })
    const proved = await proveLink(ctx, { ...browser, signature: await wallet.signMessage({ message }) })
    expect(proved.code).toBeUndefined()
    expect(await openTicket(ctx, browser)).toMatchObject({ step: 'linked' })
    const person = await findPerson(ctx, who('anna'))
    expect(person?.wallets.map(({ address }) => address)).toEqual([wallet.address])
    expect(person?.accounts).toMatchObject([{ platform: 'login', user_id: 'anna', proof: 'oauth' }])
    const notices = await ctx.db
      .selectFrom('effect')
      .select(['channel', 'view'])
      .where('platform', '=', 'login')
      .execute()
    expect(notices).toHaveLength(1)
    expect(notices[0]).toMatchObject({ channel: '@anna' })
    expect(JSON.stringify(notices[0]?.view)).toContain(`/unlink ${wallet.address}`)
  })

  test('defeats a forwarded link: the one who opens it is not the one who asked, and its owner is told', async () => {
    const { ctx } = world
    const browser = await openPage(ctx, who('attacker'))
    const back = await authorize(browser, 'victim')
    await expect(finishLogin(ctx, { platform: 'login', ...back, cookie: browser.cookie })).rejects.toMatchObject({
      code: 'foreign',
    })
    await expect(openTicket(ctx, browser)).rejects.toMatchObject({ code: 'expired' })
    await expect(
      linkMessage(ctx, { ...browser, address: account(world.chain, 2).address, chainId: ctx.chain.id }),
    ).rejects.toMatchObject({ code: 'expired' })
    const told = await ctx.db.selectFrom('effect').select('view').where('channel', '=', '@attacker').execute()
    expect(JSON.stringify(told)).toContain('Somebody else opened your link')
  })

  test('takes what comes back once, in the browser that began, and only for a login that was begun', async () => {
    const { ctx } = world
    const browser = await openPage(ctx, who('berta'))
    const other = await openPage(ctx, who('carl'))
    const back = await authorize(browser, 'berta')
    const finish = (params: Partial<Parameters<typeof finishLogin>[1]>) =>
      finishLogin(ctx, { platform: 'login', ...back, cookie: browser.cookie, ...params })
    await expect(finish({ cookie: other.cookie })).rejects.toMatchObject({ code: 'foreign' })
    await expect(finish({ cookie: undefined })).rejects.toMatchObject({ code: 'foreign' })
    await expect(finish({ state: 'made-up' })).rejects.toMatchObject({ code: 'foreign' })
    await expect(finish({ platform: 'discord' })).rejects.toMatchObject({ code: 'foreign' })
    await finish({})
    await expect(finish({})).rejects.toMatchObject({ code: 'foreign' })
    expect(await openTicket(ctx, browser)).toMatchObject({ proof: 'proved' })
    expect(await openTicket(ctx, other)).toMatchObject({ proof: 'login' })
  })

  test('says so when the platform does not confirm, and the code of the page still works', async () => {
    const { ctx, chain } = world
    const browser = await openPage(ctx, who('dora'))
    const { state } = await authorize(browser, 'dora')
    await expect(
      finishLogin(ctx, { platform: 'login', state, code: 'denied', cookie: browser.cookie }),
    ).rejects.toMatchObject({ message: 'The login was not confirmed.' })
    expect((await signOn(ctx, browser, account(chain, 3))).code).toMatch(/^\d{6}$/)
  })

  test('is refused once the link has expired', async () => {
    const { ctx } = world
    const browser = await openPage(ctx, who('emil'))
    const back = await authorize(browser, 'emil')
    world.wait(11)
    await expect(finishLogin(ctx, { platform: 'login', ...back, cookie: browser.cookie })).rejects.toMatchObject({
      code: 'expired',
    })
  })

  test('is offered only where the platform has a login', async () => {
    const { ctx } = world
    const browser = await openPage(ctx, caller('frida'))
    expect(await openTicket(ctx, browser)).toMatchObject({ proof: 'code' })
    await expect(beginLogin(ctx, browser)).rejects.toMatchObject({ code: 'step' })
  })
})

describe('a page that the platform opened itself', () => {
  test('proves the account, once, and harmlessly again in the same browser', async () => {
    const { ctx } = world
    const browser = await openPage(ctx, who('gerd'))
    const data = JSON.stringify({ user: 'gerd', hash: 'a1' })
    await acceptLaunch(ctx, { ...browser, data })
    await acceptLaunch(ctx, { ...browser, data })
    expect(await openTicket(ctx, browser)).toMatchObject({ proof: 'proved' })
    const again = await openPage(ctx, who('gerd'))
    await expect(acceptLaunch(ctx, { ...again, data })).rejects.toMatchObject({ code: 'used' })
  })

  test('is refused when somebody else opened it', async () => {
    const { ctx } = world
    const browser = await openPage(ctx, who('hans'))
    await expect(
      acceptLaunch(ctx, { ...browser, data: JSON.stringify({ user: 'ida', hash: 'b2' }) }),
    ).rejects.toMatchObject({ code: 'foreign' })
  })
})
