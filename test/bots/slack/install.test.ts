import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { createSlack } from '../../../bots/slack/index.ts'
import { createApp, parseConfig } from '../../../core/index.ts'
import { text } from '../../../core/view.ts'
import { linkWorld, type LinkWorld } from '../../support/linking.ts'
import { SlackEmulator } from '../../support/slack/emulator.ts'
import { manifest } from '../../support/slack/platformed.ts'

/** Other tests may keep both processors busy. */
const patience = { timeout: 15_000, interval: 20 }

let slack: SlackEmulator
let world: LinkWorld
let platform: ReturnType<typeof createSlack>
let server: http.Server
let ours: string
let other: string
let admin: string
let admin2: string

beforeAll(async () => {
  slack = await SlackEmulator.start({ manifest, installed: false })
  world = await linkWorld(settingsOf())
  platform = createSlack(world.ctx.config)
  await platform.start(createApp(world.ctx, [platform]))
  server = http.createServer((request, response) => platform.serve(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  ours = slack.workspace
  other = slack.addWorkspace('Other Org', { installed: false })
  admin = slack.addUser({ name: 'ann', admin: true })
  admin2 = slack.addUser({ name: 'olga', admin: true }, other)
  await slack.useRequestUrl(here('/hooks/slack/events'))
})
afterEach(() => expect(slack.takeViolations()).toEqual([]))
afterAll(async () => {
  await platform.stop()
  await new Promise((resolve) => server.close(resolve))
  await slack.stop()
  await world.stop()
})

const here = (path: string): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`

/** Begins an installation as a browser does: where it is sent, and the cookie that it keeps. */
async function begin(): Promise<{ url: string; cookie: string }> {
  const response = await fetch(here('/hooks/slack/install'), { redirect: 'manual' })
  expect(response.status).toBe(302)
  const cookie = response.headers.get('set-cookie') ?? ''
  expect(cookie).toMatch(/HttpOnly; SameSite=Lax; Max-Age=600; Secure/)
  return { url: response.headers.get('location') ?? '', cookie: cookie.split(';')[0]! }
}

/** Comes back from Slack, with the cookies of a browser or without. */
async function comeBack(address: string, cookie?: string): Promise<{ status: number; words: string }> {
  const { pathname, search } = new URL(address)
  const response = await fetch(here(pathname + search), { headers: cookie === undefined ? {} : { cookie } })
  return { status: response.status, words: await response.text() }
}

async function install(user: string): Promise<void> {
  const { url, cookie } = await begin()
  expect(await comeBack(await slack.consent(user, url), cookie)).toMatchObject({ status: 200 })
}

describe('an installation', () => {
  test('asks for the scopes of the manifest and no others', async () => {
    const { url } = await begin()
    expect(new URL(url).searchParams.get('scope')!.split(',').toSorted()).toEqual(
      manifest.oauth_config.scopes.bot.filter((scope) => !['channels:join', 'im:read'].includes(scope)).toSorted(),
    )
  })

  test('that was not begun in this browser is refused, and works once', async () => {
    const { url, cookie } = await begin()
    const back = await slack.consent(admin, url)
    expect(await comeBack(back)).toMatchObject({
      status: 400,
      words: expect.stringContaining('not started in this browser') as string,
    })
    const { cookie: strange } = await begin()
    expect(await comeBack(back, strange)).toMatchObject({ status: 400 })
    const forged = new URL(back)
    forged.searchParams.set('state', 'x'.repeat(32))
    expect(await comeBack(forged.href, cookie)).toMatchObject({ status: 400 })
    expect(await comeBack(back, cookie)).toMatchObject({
      status: 200,
      words: expect.stringContaining('AutoCo is installed') as string,
    })
    expect(await comeBack(back, cookie)).toMatchObject({ status: 400 })
  })

  test('that the admin does not allow says so and changes nothing', async () => {
    const before = await world.ctx.db.selectFrom('workspace').select('id').execute()
    const { url, cookie } = await begin()
    expect(await comeBack(await slack.consent(admin2, url, false), cookie)).toMatchObject({
      status: 200,
      words: expect.stringContaining('was not allowed') as string,
    })
    expect(await world.ctx.db.selectFrom('workspace').select('id').execute()).toEqual(before)
  })

  test('whose code Slack refuses is told with an incident, not with a stack', async () => {
    const { url, cookie } = await begin()
    const back = new URL(await slack.consent(admin2, url))
    back.searchParams.set('code', 'made.up')
    expect(await comeBack(back.href, cookie)).toMatchObject({
      status: 502,
      words: expect.stringMatching(/^Slack did not agree\. Incident [\w-]+\.\n$/) as string,
    })
    expect(slack.takeViolations()).toEqual([expect.stringContaining('invalid_code')])
  })
})

describe('in two workspaces', () => {
  test('each is answered with its own token, which stands encrypted in the database', async () => {
    await install(admin2)
    for (const [workspace, user] of [
      [ours, admin],
      [other, admin2],
    ] as const) {
      const room = slack.addChannel({ name: 'gov', members: [user] }, workspace)
      await slack.slash(user, room, '/autoco', 'help')
      await vi.waitFor(() => expect(slack.messages(room, user).at(-1)?.text).toContain('/proposals'), patience)
      await platform.send(
        { platform: 'slack', id: `${workspace}/${room}` },
        { body: [text('news')] },
        { key: `two/${room}` },
      )
      expect(slack.messages(room, user).at(-1)?.text).toBe('news')
    }
    const rows = await world.ctx.db.selectFrom('workspace').selectAll().execute()
    expect(rows.map(({ name }) => name).toSorted()).toEqual(['Auto Org', 'Other Org'])
    for (const token of [slack.tokenOf(ours), slack.tokenOf(other)]) expect(JSON.stringify(rows)).not.toContain(token)
  })

  test('a person of the other workspace proves the account by logging in', async () => {
    const redirectUri = 'https://vote.example.org/login/slack'
    const url = platform.loginUrl({ state: 'state-1', redirectUri, challenge: 'c', workspace: other })!
    const back = new URL(await slack.consent(admin2, url))
    expect(back.searchParams.get('state')).toBe('state-1')
    const code = back.searchParams.get('code')!
    expect(await platform.login({ code, redirectUri, verifier: 'v', state: 'state-1' })).toMatchObject({
      user: admin2,
      workspace: other,
    })
    await expect(platform.login({ code, redirectUri, verifier: 'v', state: 'state-1' })).rejects.toMatchObject({
      name: 'UserError',
      code: 'foreign',
    })
    expect(slack.takeViolations()).toEqual([expect.stringContaining('code_already_used')])
  })

  test('a key that changed is said in words, and nothing of the token is', async () => {
    const config = parseConfig({ ...settingsOf(), SECRETS_KEY: 'cd'.repeat(32) })
    const ctx = { ...world.ctx, config }
    const late = createSlack(config)
    await late.start(createApp(ctx, [late]))
    const room = slack.addChannel({ name: 'sealed', members: [admin] })
    const sent = late.send({ platform: 'slack', id: `${ours}/${room}` }, { body: [text('x')] }, { key: 'sealed' })
    await expect(sent).rejects.toThrow('A stored token cannot be read with this SECRETS_KEY.')
    await late.stop()
  })

  test('one that takes AutoCo off loses its key and its channels; the other stays', async () => {
    const room = slack.addChannel({ name: 'last', members: [admin2] }, other)
    await world.ctx.db
      .insertInto('digest')
      .values({
        platform: 'slack',
        channel: `${other}/${room}`,
        server: null,
        daos: null,
        sections: ['due'],
        said: 'daily 9:00',
        cron: '0 9 * * *',
        zone: 'UTC',
        created_by: `@${other}/${admin2}`,
        last_at: new Date(),
        next_at: new Date(),
      })
      .execute()
    await slack.uninstall(other)
    await vi.waitFor(
      async () => expect(await world.ctx.db.selectFrom('workspace').select('id').execute()).toEqual([{ id: ours }]),
      patience,
    )
    expect(await world.ctx.db.selectFrom('digest').select('channel').execute()).toEqual([])
    const send = (workspace: string, channel: string, key: string) =>
      platform.send({ platform: 'slack', id: `${workspace}/${channel}` }, { body: [text('x')] }, { key })
    await expect(send(other, room, 'gone')).rejects.toMatchObject({ what: 'channel' })
    await send(ours, slack.addChannel({ name: 'stays', members: [admin] }), 'stays')
  })
})

const settingsOf = (): Record<string, string> => ({
  PUBLIC_URL: 'https://vote.example.org',
  SLACK_API_URL: slack.url,
  SLACK_SIGNING_SECRET: slack.signingSecret,
  SLACK_CLIENT_ID: slack.clientId,
  SLACK_CLIENT_SECRET: slack.clientSecret,
  SECRETS_KEY: 'ab'.repeat(32),
})
