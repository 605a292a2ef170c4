import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { hasShared } from '../shared.ts'
import { SlackEmulator } from './emulator.ts'
import { listen, type Listener } from './listener.ts'
import { plainManifest } from './manifest.ts'
import type { Json } from './state.ts'

const manifest = {
  ...plainManifest,
  features: { ...plainManifest.features, shortcuts: [{ name: 'Go', type: 'global' as const, callback_id: 'go' }] },
}
const generous = { postsPerSecond: 1_000, postBurst: 1_000 }
const tiers = { Tier1: 1_000, Tier2: 1_000, Tier3: 1_000, Tier4: 1_000 }

let slack: SlackEmulator
let ann: string
let room: string
let app: Listener
beforeAll(async () => {
  slack = await SlackEmulator.start({ manifest, limits: { ...generous, tiers } })
  ann = slack.addUser({ name: 'ann', admin: true })
  room = slack.addChannel({ name: 'room', members: [ann] })
  app = await listen()
  slack.takeViolations()
  await slack.useRequestUrl(app.url)
})
afterEach(async () => {
  await slack.settled()
  expect(slack.violations).toEqual([])
})
afterAll(async () => {
  await slack.stop()
  await app.stop()
})

type Answer = { ok: boolean; error?: string; response_metadata?: { messages: string[] } } & Json

const call = async (
  method: string,
  args: Json,
  at = slack,
  token = at.token,
): Promise<Answer & { wait?: string; status?: number }> => {
  const response = await fetch(`${at.url}${method}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify(args),
  })
  const wait = response.headers.get('retry-after')
  return { ...((await response.json()) as Answer), ...(wait === null ? {} : { wait, status: response.status }) }
}

async function refused(method: string, args: Json, error: string, at = slack): Promise<void> {
  expect(await call(method, args, at)).toMatchObject({ ok: false, error })
  expect(at.takeViolations()).toHaveLength(1)
}

const plain = (text: string) => ({ type: 'plain_text', text })
const md = (text: string) => ({ type: 'mrkdwn', text })
const long = (count: number) => 'x'.repeat(count)
const many = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, at) => make(at))
const section = (text: string) => ({ type: 'section', text: md(text) })
const actions = (...elements: Json[]) => ({ type: 'actions', elements })
const button = (more: Json = {}) => ({ type: 'button', text: plain('b'), action_id: 'b', ...more })
const option = (at: number, more: Json = {}) => ({ text: plain(`o${at}`), value: `${at}`, ...more })
const select = (options: Json[]) => actions({ type: 'static_select', action_id: 's', options })
const confirm = (more: Json) =>
  actions(button({ confirm: { title: plain('t'), text: plain('x'), confirm: plain('y'), deny: plain('n'), ...more } }))
const input = (at = 0) => ({
  type: 'input',
  block_id: `i${at}`,
  label: plain('l'),
  element: { type: 'plain_text_input', action_id: 'a' },
})
const modal = (more: Json = {}) => ({ type: 'modal', title: plain('t'), blocks: [section('x')], ...more })

describe('Slack takes what is just within its limits, and refuses what is above', () => {
  test.each<[string, Json[], Json[]]>([
    ['50 blocks', many(50, () => section('x')), many(51, () => section('x'))],
    ['a section of 3000', [section(long(3_000))], [section(long(3_001))]],
    [
      '10 fields',
      [{ type: 'section', fields: many(10, () => md('f')) }],
      [{ type: 'section', fields: many(11, () => md('f')) }],
    ],
    [
      'a field of 2000',
      [{ type: 'section', fields: [md(long(2_000))] }],
      [{ type: 'section', fields: [md(long(2_001))] }],
    ],
    ['a section with words', [section('x')], [{ type: 'section' }]],
    ['a header of 150', [{ type: 'header', text: plain(long(150)) }], [{ type: 'header', text: plain(long(151)) }]],
    ['a header of plain text', [{ type: 'header', text: plain('h') }], [{ type: 'header', text: md('h') }]],
    [
      '25 actions',
      [actions(...many(25, (at) => button({ action_id: `b${at}` })))],
      [actions(...many(26, (at) => button({ action_id: `b${at}` })))],
    ],
    [
      '10 parts of a context',
      [{ type: 'context', elements: many(10, () => md('c')) }],
      [{ type: 'context', elements: many(11, () => md('c')) }],
    ],
    ['a button of 75', [actions(button({ text: plain(long(75)) }))], [actions(button({ text: plain(long(76)) }))]],
    ['a value of 2000', [actions(button({ value: long(2_000) }))], [actions(button({ value: long(2_001) }))]],
    [
      'an address of 3000',
      [actions(button({ url: `https://a.example/${long(2_982)}` }))],
      [actions(button({ url: `https://a.example/${long(2_983)}` }))],
    ],
    ['an action_id of 255', [actions(button({ action_id: long(255) }))], [actions(button({ action_id: long(256) }))]],
    ['action_ids that differ', [actions(button(), button({ action_id: 'c' }))], [actions(button(), button())]],
    ['a block_id of 255', [{ ...section('x'), block_id: long(255) }], [{ ...section('x'), block_id: long(256) }]],
    [
      'block_ids that differ',
      [
        { ...section('x'), block_id: '1' },
        { ...section('x'), block_id: '2' },
      ],
      [
        { ...section('x'), block_id: '1' },
        { ...section('x'), block_id: '1' },
      ],
    ],
    ['100 options', [select(many(100, (at) => option(at)))], [select(many(101, (at) => option(at)))]],
    [
      'an option of 75',
      [select([option(0, { text: plain(long(75)) })])],
      [select([option(0, { text: plain(long(76)) })])],
    ],
    ['an option’s value of 75', [select([option(0, { value: long(75) })])], [select([option(0, { value: long(76) })])]],
    ['a question’s title of 100', [confirm({ title: plain(long(100)) })], [confirm({ title: plain(long(101)) })]],
    ['a question of 300', [confirm({ text: plain(long(300)) })], [confirm({ text: plain(long(301)) })]],
    ['a question’s buttons of 30', [confirm({ deny: plain(long(30)) })], [confirm({ deny: plain(long(31)) })]],
    [
      'a question’s other button of 30',
      [confirm({ confirm: plain(long(30)) })],
      [confirm({ confirm: plain(long(31)) })],
    ],
    ['a text at all', [section('x')], [section('')]],
  ])('%s', async (_what, within, above) => {
    expect(await call('chat.postMessage', { channel: room, text: 'x', blocks: within })).toMatchObject({ ok: true })
    await refused('chat.postMessage', { channel: room, text: 'x', blocks: above }, 'invalid_blocks')
  })

  test.each<[string, Json, Json]>([
    [
      '100 blocks in a view',
      modal({ blocks: many(100, () => section('x')) }),
      modal({ blocks: many(101, () => section('x')) }),
    ],
    ['a title of 24', modal({ title: plain(long(24)) }), modal({ title: plain(long(25)) })],
    ['a send button of 24', modal({ submit: plain(long(24)) }), modal({ submit: plain(long(25)) })],
    ['a close button of 24', modal({ close: plain(long(24)) }), modal({ close: plain(long(25)) })],
    ['a callback_id of 255', modal({ callback_id: long(255) }), modal({ callback_id: long(256) })],
    ['private_metadata of 3000', modal({ private_metadata: long(3_000) }), modal({ private_metadata: long(3_001) })],
    ['an input that can be sent', modal({ blocks: [input()], submit: plain('s') }), modal({ blocks: [input()] })],
    ['a modal where one is meant', modal(), { type: 'home', blocks: [section('x')] }],
  ])('%s', async (_what, within, above) => {
    expect(await call('views.open', { trigger_id: await trigger(), view: within })).toMatchObject({ ok: true })
    await refused('views.open', { trigger_id: await trigger(), view: above }, 'invalid_arguments')
  })

  test('a text of 4000, and 12 000 in all blocks', async () => {
    const post = (more: Json) => ({ channel: room, text: 'x', ...more })
    expect(await call('chat.postMessage', post({ text: long(4_000) }))).toMatchObject({ ok: true })
    await refused('chat.postMessage', post({ text: long(4_001) }), 'msg_too_long')
    const blocks = (count: number) => many(count, () => section(long(3_000)))
    expect(await call('chat.postMessage', post({ blocks: blocks(4) }))).toMatchObject({ ok: true })
    await refused('chat.postMessage', post({ blocks: [...blocks(4), section('x')] }), 'msg_blocks_too_long')
    await refused('chat.postMessage', { channel: room }, 'no_text')
  })

  test('a home only where the manifest has one, and for people', async () => {
    const view = { type: 'home', blocks: [section('x')] }
    expect(await call('views.publish', { user_id: ann, view })).toMatchObject({ ok: true })
    await refused('views.publish', { user_id: 'U0NOBODY', view }, 'invalid_arguments')
    const { app_home: _, ...features } = manifest.features
    const without = await SlackEmulator.start({ manifest: { ...manifest, features } })
    await refused('views.publish', { user_id: without.addUser('ann'), view }, 'not_enabled', without)
    await without.stop()
  })

  test('a stack of three modals', async () => {
    const view = modal({ blocks: [section('x'), actions(button())] })
    await call('views.open', { trigger_id: await trigger(), view })
    for (const _ of [2, 3])
      expect(await call('views.push', { trigger_id: await triggerInModal(), view })).toMatchObject({ ok: true })
    await refused('views.push', { trigger_id: await triggerInModal(), view }, 'push_limit_reached')
    await refused('views.push', { trigger_id: await trigger(), view }, 'invalid_trigger_id')
  })

  test('a trigger once, and for three seconds', async () => {
    const spent = await trigger()
    await call('views.open', { trigger_id: spent, view: modal() })
    await refused('views.open', { trigger_id: spent, view: modal() }, 'exchanged_trigger_id')
    await refused('views.open', { trigger_id: 'made.up', view: modal() }, 'invalid_trigger_id')
    const stale = await trigger()
    slack.limits.triggerMs = -1
    await refused('views.open', { trigger_id: stale, view: modal() }, 'expired_trigger_id')
    slack.limits.triggerMs = 3_000
  })

  test('a response_url five times, and for half an hour', async () => {
    const use = async (url: string) =>
      (await fetch(url, { method: 'POST', body: JSON.stringify({ text: 'x' }) })).json() as Promise<Json>
    const url = await responseUrl()
    for (const _ of many(5, () => 0)) expect(await use(url)).toEqual({ ok: true })
    expect(await use(url)).toMatchObject({ ok: false, error: 'used_url' })
    const stale = await responseUrl()
    slack.limits.responseUrlMs = -1
    expect(await use(stale)).toMatchObject({ ok: false, error: 'expired_url' })
    slack.limits.responseUrlMs = 1_800_000
    expect(slack.takeViolations()).toHaveLength(2)
  })

  test('an acknowledgement within three seconds, with events told again', async () => {
    Object.assign(slack.limits, { ackMs: 100, retryAfterMs: [0, 10, 10] })
    app.isDeaf = true
    expect(await slack.slash(ann, room, '/autoco', 'x')).toMatchObject({ kind: 'none', attempts: 1 })
    app.heard.splice(0)
    expect(await slack.say(ann, room, 'x')).toMatchObject({ kind: 'none', attempts: 4 })
    expect(app.heard.map(({ retry }) => retry)).toEqual([undefined, '1', '2', '3'])
    expect(slack.takeViolations()).toHaveLength(5)
    const element = { type: 'external_select', action_id: 'e', min_query_length: 0 }
    app.isDeaf = false
    const view = modal({
      submit: plain('s'),
      blocks: [{ ...input(), optional: true }, actions(button()), { ...actions(element), block_id: 'x' }],
    })
    await call('views.open', { trigger_id: await trigger(), view })
    app.isDeaf = true
    const open = slack.modal(ann)!
    expect(await slack.click(ann, open, 'b')).toMatchObject({ kind: 'none' })
    expect(await slack.suggest(ann, open, 'e', '')).toMatchObject({ kind: 'none' })
    expect(await slack.submit(ann)).toMatchObject({ kind: 'none' })
    expect(slack.takeViolations()).toHaveLength(3)
    app.isDeaf = false
    Object.assign(slack.limits, { ackMs: 3_000 })
  })
})

test.skipIf(!hasShared)('an argument that the document of the method does not have is refused', async () => {
  await refused('chat.postMessage', { channel: room, text: 'x', txt: 'x' }, 'invalid_arg_name')
})

describe('Slack’s pace', () => {
  test('is a message a second in a channel, after a short burst', async () => {
    const strict = await SlackEmulator.start()
    const [one, two] = ['one', 'two'].map((name) => strict.addChannel(name))
    const post = (channel = one) => call('chat.postMessage', { channel, text: 'x' }, strict)
    for (const _ of many(3, () => 0)) expect(await post()).toMatchObject({ ok: true })
    expect(await post()).toMatchObject({ ok: false, error: 'ratelimited', wait: '1', status: 429 })
    expect(await post(two)).toMatchObject({ ok: true })
    expect(strict.violations).toEqual([])
    await strict.stop()
  })

  test('is so many messages a minute in a workspace, over all its channels', async () => {
    const strict = await SlackEmulator.start({ limits: { workspacePerMinute: 2 } })
    const rooms = ['one', 'two', 'three'].map((name) => strict.addChannel(name))
    const answers = []
    for (const channel of rooms) answers.push(await call('chat.postMessage', { channel, text: 'x' }, strict))
    expect(answers).toMatchObject([{ ok: true }, { ok: true }, { error: 'ratelimited', wait: '30' }])
    await strict.stop()
  })

  test.each([
    ['users.list', 'Tier2', {}],
    ['views.publish', 'Tier4', { view: { type: 'home', blocks: [section('x')] } }],
  ] as const)('is that of its tier for %s', async (method, tier, args) => {
    const strict = await SlackEmulator.start({ limits: { tiers: { ...tiers, [tier]: 1 } } })
    const user = strict.addUser('ann')
    const ask = () => call(method, { ...args, ...(method === 'views.publish' ? { user_id: user } : {}) }, strict)
    expect(await ask()).toMatchObject({ ok: true })
    expect(await ask()).toMatchObject({ error: 'ratelimited', wait: '60', status: 429 })
    await strict.stop()
  })

  test('is so many calls a minute for the other methods', async () => {
    const strict = await SlackEmulator.start({ limits: { tiers: { ...tiers, Tier1: 1, Tier3: 2 } } })
    const channel = strict.addChannel('room')
    const { ts } = await call('chat.postMessage', { channel, text: 'x' }, strict)
    const edit = () => call('chat.update', { channel, ts, text: 'y' }, strict)
    expect([(await edit()).ok, (await edit()).ok]).toEqual([true, true])
    expect(await edit()).toMatchObject({ error: 'ratelimited', wait: '30' })
    const open = () => call('apps.connections.open', {}, strict, strict.appToken)
    expect(await open()).toMatchObject({ ok: true })
    expect(await open()).toMatchObject({ error: 'ratelimited', wait: '60' })
    expect(strict.violations).toEqual([])
    await strict.stop()
  })

  test('may not be tried again during the wait', async () => {
    const strict = await SlackEmulator.start()
    const channel = strict.addChannel('room')
    strict.fault({ type: 'ratelimit', seconds: 30, method: 'chat.postMessage' })
    const post = () => call('chat.postMessage', { channel, text: 'x' }, strict)
    expect(await post()).toMatchObject({ wait: '30' })
    // What was on its way is forgiven for a quarter of a second.
    await expect.poll(async () => (await post(), strict.takeViolations()), { interval: 60 }).toHaveLength(1)
    await strict.stop()
  })
})

describe('Slack’s rules', () => {
  test('ask for the scope, the right token, and a place in the channel', async () => {
    const post = (more: Json = {}) => ({ channel: room, text: 'x', ...more })
    slack.setScopes(['commands'])
    await refused('chat.postMessage', post(), 'missing_scope')
    slack.setScopes(manifest.oauth_config.scopes.bot)
    const as = async (token: string, error: string, method = 'chat.postMessage') => {
      expect(await call(method, post(), slack, token)).toMatchObject({ ok: false, error })
      expect(slack.takeViolations()).toHaveLength(1)
    }
    await as('xoxb-wrong', 'invalid_auth')
    await as(slack.appToken, 'not_allowed_token_type')
    await as(slack.token, 'not_allowed_token_type', 'apps.connections.open')
    const foreign = slack.addChannel({ name: 'foreign', bot: false })
    await refused('chat.postMessage', post({ channel: foreign }), 'not_in_channel')
    await refused('chat.postMessage', post({ channel: 'C0NOWHERE' }), 'channel_not_found')
    await slack.archive(room, ann)
    await refused('chat.postMessage', post(), 'is_archived')
    await slack.archive(room, ann, false)
    slack.restrict(room)
    await refused('chat.postMessage', post(), 'restricted_action')
    slack.restrict(room, false)
    await refused('chat.postMessage', post({ thread_ts: '1.000001' }), 'thread_not_found')
    await refused('chat.update', post({ ts: '1.000001' }), 'message_not_found')
    await refused('chat.postEphemeral', post({ user: 'U0NOBODY' }), 'user_not_found')
    await refused('chat.nothing', {}, 'unknown_method')
  })

  test('let a person use only what is there', async () => {
    const { ts } = (await call('chat.postMessage', { channel: room, text: 'x', blocks: [actions(button())] })) as {
      ts: string
    } & Answer
    const at = { channel: room, ts }
    await expect(slack.click(ann, at, 'other')).rejects.toThrow('there is no button other')
    await expect(slack.slash(ann, room, '/other')).rejects.toThrow('not registered')
    await expect(slack.shortcut(ann, 'other')).rejects.toThrow('no global shortcut other')
    const eve = slack.addUser('eve')
    await expect(slack.submit(eve)).rejects.toThrow('no such modal is open')
    expect(await slack.click(ann, at, 'b')).toMatchObject({ kind: 'ack' })
  })

  test('allow ten sockets, each with a ticket of its own', async () => {
    const strict = await SlackEmulator.start({ limits: { sockets: 1, tiers } })
    const ticket = async () => String((await call('apps.connections.open', {}, strict, strict.appToken))['url'])
    const first = await ticket()
    const one = await opened(first)
    expect(one.heard).toMatchObject({ type: 'hello' })
    expect((await opened(await ticket())).heard).toMatchObject({ type: 'disconnect', reason: 'too_many_websockets' })
    expect(await closed(first)).toBe(4_001)
    one.socket.send(JSON.stringify({ no: 'envelope' }))
    await expect.poll(() => strict.violations).toHaveLength(3)
    await strict.stop()
  })
})

/** Slack shows the address of a command's answers, and a trigger, only to who gets the command. */
async function trigger(): Promise<string> {
  await slack.slash(ann, room, '/autoco', 'x')
  return app.heard.at(-1)!.fields['trigger_id']!
}

async function responseUrl(): Promise<string> {
  await slack.slash(ann, room, '/autoco', 'x')
  return app.heard.at(-1)!.fields['response_url']!
}

async function triggerInModal(): Promise<string> {
  await slack.click(ann, slack.modal(ann)!, 'b')
  return String((JSON.parse(app.heard.at(-1)!.fields['payload']!) as Json)['trigger_id'])
}

function opened(url: string): Promise<{ socket: WebSocket; heard: Json }> {
  const socket = new WebSocket(url)
  return new Promise((resolve) => {
    socket.once('message', (data: Buffer) => resolve({ socket, heard: JSON.parse(data.toString()) as Json }))
  })
}

function closed(url: string): Promise<number> {
  return new Promise((resolve) => new WebSocket(url).on('close', resolve))
}
