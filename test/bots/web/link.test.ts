import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createRoutes } from '../../../bots/web/index.ts'
import { confirmLink } from '../../../core/identity/confirm.ts'
import { account, askLink, caller, linkWorld, type LinkWorld } from '../../support/linking.ts'

let world: LinkWorld
const lines: string[] = []
beforeAll(async () => {
  world = await linkWorld()
  world.ctx.log = pino({ level: 'trace' }, { write: (line: string) => lines.push(line) })
})
afterAll(() => world.stop())

const host = 'vote.example.org'

/** A browser: it keeps the cookie it is given. */
function browser({ ticket }: { ticket: string }, headers: Record<string, string> = {}) {
  let cookie = ''
  const routes = createRoutes(world.app, { config: world.ctx.config, playground: undefined, port: () => 4040 })
  const send = async (method: string, path: string, data?: unknown): Promise<Response> => {
    const response = await routes.request(path, {
      method,
      headers: { host, 'content-type': 'application/json', ...(cookie ? { cookie } : {}), ...headers },
      ...(data === undefined ? {} : { body: JSON.stringify(data) }),
    })
    cookie = response.headers.get('set-cookie')?.split(';')[0] ?? cookie
    return response
  }
  return {
    page: () => send('GET', `/l/${ticket}`),
    post: (step: string, data: unknown = {}) => send('POST', `/api/link/${ticket}/${step}`, data),
    cookie: () => cookie,
  }
}

const errorOf = async (response: Response): Promise<{ status: number; code: string; message: string }> => {
  const { error } = (await response.json()) as { error: { code: string; message: string } }
  return { status: response.status, ...error }
}

describe('the link page', () => {
  test('opens nothing when it is only looked at, as a link preview does', async () => {
    const asked = await askLink(world.ctx, caller('preview'))
    const preview = browser(asked)
    const page = await preview.page()
    expect(page.status).toBe(200)
    expect(page.headers.get('set-cookie')).toBeNull()
    expect(await page.text()).not.toContain(asked.ticket)
    expect((await browser(asked).post('open')).status).toBe(200)
  })

  test('takes a person through all steps over HTTP', async () => {
    const { ctx, chain } = world
    const who = caller('http')
    const asked = await askLink(ctx, who)
    const tab = browser(asked)
    const opened = await tab.post('open')
    expect(opened.headers.get('set-cookie')).toMatch(
      /^__Host-autoco=[\w-]{22}; Max-Age=3600; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
    )
    expect(await opened.json()).toMatchObject({
      account: { platform: 'playground', workspace: '', user: 'http', name: 'http' },
      step: 'connect',
      origin: 'https://vote.example.org',
      chain: { id: 31_337 },
    })
    const wallet = account(chain, 0)
    const shown = await tab.post('message', { address: wallet.address.toLowerCase(), chainId: 31_337 })
    const { message } = (await shown.json()) as { message: string }
    const signature = await wallet.signMessage({ message })
    const proved = (await (await tab.post('signature', { signature })).json()) as {
      code: string
      registration: { typedData: object; digest: string }
    }
    expect(proved.code).toMatch(/^\d{6}$/)
    const agreed = await wallet.signTypedData(proved.registration.typedData as never)
    expect(await (await tab.post('registration', { signature: agreed })).json()).toEqual({ state: 'accepted' })
    await confirmLink(ctx, { caller: who, code: proved.code })
    expect(await (await tab.post('open')).json()).toMatchObject({ step: 'linked' })
    const log = lines.join('')
    for (const secret of [asked.ticket, tab.cookie().split('=')[1] ?? '', signature, agreed, proved.code])
      expect(log).not.toContain(secret)
  })

  test('keeps one cookie, so that a link opened again in the same browser goes on', async () => {
    const asked = await askLink(world.ctx, caller('again'))
    const tab = browser(asked)
    await tab.post('open')
    const cookie = tab.cookie()
    expect((await tab.post('open')).status).toBe(200)
    expect(tab.cookie()).toBe(cookie)
  })

  test('refuses, each with its own status and sentence', async () => {
    const { ctx, chain } = world
    const asked = await askLink(ctx, caller('refused'))
    const tab = browser(asked)
    const wallet = account(chain, 1)
    const body = { address: wallet.address, chainId: 31_337 }
    expect(await errorOf(await tab.post('message', body))).toMatchObject({ status: 403, code: 'cookie' })
    await tab.post('open')
    expect(await errorOf(await browser(asked).post('open'))).toMatchObject({ status: 403, code: 'foreign' })
    expect(await errorOf(await browser({ ticket: 'x' }).post('open'))).toMatchObject({ status: 404, code: 'unknown' })
    expect(await errorOf(await tab.post('message', { ...body, chainId: 1 }))).toMatchObject({ code: 'chain' })
    expect(await errorOf(await tab.post('message', { ...body, address: 'alice' }))).toMatchObject({ code: 'address' })
    expect(await errorOf(await tab.post('message', { ...body, chainId: '0x1' }))).toMatchObject({ status: 400 })
    expect(await errorOf(await tab.post('signature', { signature: '0x12' }))).toMatchObject({ code: 'step' })
    expect(await errorOf(await tab.post('signature', { signature: 'x'.repeat(50_000) }))).toMatchObject({ status: 400 })
    expect(await errorOf(await tab.post('registration', { signature: '0x12' }))).toMatchObject({ code: 'step' })
    await askLink(ctx, caller('refused'))
    expect(await errorOf(await tab.post('open'))).toMatchObject({ status: 410, code: 'expired' })
  })

  test('never believes the Host header, and never a page of another site', async () => {
    const { ctx } = world
    const asked = await askLink(ctx, caller('spoofed'))
    expect(await errorOf(await browser(asked, { host: 'evil.example.org' }).post('open'))).toMatchObject({
      status: 421,
    })
    const foreign = browser(asked, { origin: 'https://evil.example.org' })
    expect(await errorOf(await foreign.post('open'))).toMatchObject({ status: 403, code: 'origin' })
    expect(await errorOf(await browser(asked, { 'content-type': 'text/plain' }).post('open'))).toMatchObject({
      status: 415,
    })
    expect((await browser(asked).post('open')).status).toBe(200)
  })

  test('uses a plain cookie on this machine’s own http address', async () => {
    const local = await linkWorld({ PUBLIC_URL: '' })
    try {
      const asked = await askLink(local.ctx, caller('local'))
      const routes = createRoutes(local.app, { config: local.ctx.config, playground: undefined, port: () => 4040 })
      const response = await routes.request(`/api/link/${asked.ticket}/open`, {
        method: 'POST',
        headers: { host: '127.0.0.1:4040', 'content-type': 'application/json' },
        body: '{}',
      })
      expect(response.headers.get('set-cookie')).toMatch(
        /^autoco=[\w-]{22}; Max-Age=3600; Path=\/; HttpOnly; SameSite=Strict$/,
      )
      expect(await response.json()).toMatchObject({ origin: 'http://127.0.0.1:4040' })
    } finally {
      await local.stop()
    }
  })
})
