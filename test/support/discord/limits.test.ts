import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import WebSocket from 'ws'
import { DiscordEmulator } from './emulator.ts'
import { hasShared } from '../shared.ts'
import type { Json } from './json.ts'

let discord: DiscordEmulator
let ann: string
let guild: string
let channel: string
let forum: string
beforeAll(async () => {
  discord = await DiscordEmulator.start()
  ann = discord.addUser('ann')
  guild = discord.addGuild(
    'Org',
    [ann],
    ['VIEW_CHANNEL', 'SEND_MESSAGES', 'EMBED_LINKS', 'ATTACH_FILES', 'READ_MESSAGE_HISTORY', 'CREATE_PUBLIC_THREADS'],
  )
  // Only the limits of what is said are looked at here.
  discord.rates.fresh = () => ({ limit: 1_000, window: 1_000 })
  channel = discord.addChannel(guild, 'general')
  forum = discord.addChannel(guild, 'forum', 'forum', ['open'])
})
afterEach(() => expect(discord.violations).toEqual([]))
afterAll(() => discord.stop())

type Said = { status: number; body: Json; headers: Headers }

async function call(method: string, path: string, body?: unknown, at = discord): Promise<Said> {
  for (;;) {
    const response = await fetch(`${at.url}/v10${path}`, {
      method,
      headers: { authorization: `Bot ${at.token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    const said = {
      status: response.status,
      body: text === '' ? {} : (JSON.parse(text) as Json),
      headers: response.headers,
    }
    if (said.status !== 429 || at !== discord) return said
    // Buckets are small on purpose: this waits as it is told to.
    await new Promise((resolve) => setTimeout(resolve, Number(said.body['retry_after']) * 1_000 + 20))
  }
}

async function refused(method: string, path: string, body: unknown, code: number): Promise<void> {
  const said = await call(method, path, body)
  expect(said.body).toMatchObject({ code })
  expect(discord.takeViolations()).toHaveLength(1)
}

const x = (length: number): string => 'x'.repeat(length)
const many = <T>(count: number, of: (at: number) => T): T[] => Array.from({ length: count }, (_, at) => of(at))
const button = (at: number, more: Json = {}) => ({ type: 2, style: 2, label: 'b', custom_id: `b${at}`, ...more })
const row = (...components: Json[]) => ({ type: 1, components })
const select = (more: Json) => row({ type: 3, custom_id: 's', options: [{ label: 'a', value: 'a' }], ...more })
const text = (content: string) => ({ type: 10, content })
const embed = (more: Json) => ({ embeds: [{ description: 'd', ...more }] })
const v2 = (components: Json[], more: Json = {}) => ({ flags: 1 << 15, components, ...more })

describe('Discord takes a message just within its limits, and refuses what is above', () => {
  test.each<[string, Json, Json]>([
    ['content of 2000', { content: x(2_000) }, { content: x(2_001) }],
    ['ten embeds', { embeds: many(10, () => ({ title: 't' })) }, { embeds: many(11, () => ({ title: 't' })) }],
    [
      '6000 characters over all embeds',
      { embeds: many(3, () => ({ description: x(2_000) })) },
      { embeds: many(3, () => ({ description: x(2_001) })) },
    ],
    ['an embed’s title of 256', embed({ title: x(256) }), embed({ title: x(257) })],
    ['an embed’s description of 4096', embed({ description: x(4_096) }), embed({ description: x(4_097) })],
    [
      '25 fields',
      embed({ fields: many(25, () => ({ name: 'n', value: 'v' })) }),
      embed({ fields: many(26, () => ({ name: 'n', value: 'v' })) }),
    ],
    [
      'a field’s name of 256',
      embed({ fields: [{ name: x(256), value: 'v' }] }),
      embed({ fields: [{ name: x(257), value: 'v' }] }),
    ],
    [
      'a field’s value of 1024',
      embed({ fields: [{ name: 'n', value: x(1_024) }] }),
      embed({ fields: [{ name: 'n', value: x(1_025) }] }),
    ],
    ['a footer of 2048', embed({ footer: { text: x(2_048) } }), embed({ footer: { text: x(2_049) } })],
    ['an author of 256', embed({ author: { name: x(256) } }), embed({ author: { name: x(257) } })],
    ['five rows', { components: many(5, (at) => row(button(at))) }, { components: many(6, (at) => row(button(at))) }],
    ['five buttons in a row', { components: [row(...many(5, button))] }, { components: [row(...many(6, button))] }],
    ['one select in a row', { components: [select({})] }, { components: [row(select({}).components[0]!, button(1))] }],
    ['forty components of version 2', v2(many(40, () => text('t'))), v2(many(41, () => text('t')))],
    ['no content beside version 2', v2([text('t')]), v2([text('t')], { content: 'c' })],
    ['no embed beside version 2', v2([text('t')]), v2([text('t')], { embeds: [{ title: 't' }] })],
    ['no poll beside version 2', v2([text('t')]), v2([text('t')], { poll: poll(2) })],
    ['4000 characters in one text', v2([text(x(4_000))]), v2([text(x(4_001))])],
    ['a custom_id at all', { components: [row(button(0))] }, { components: [row(button(0, { custom_id: '' }))] }],
    [
      'no second select in a row',
      { components: [select({})] },
      { components: [row(select({}).components[0]!, { ...select({}).components[0]!, custom_id: 's2' })] },
    ],
    ['4000 characters of version 2', v2([text(x(4_000))]), v2([text(x(2_001)), text(x(2_000))])],
    [
      'a custom_id of 100',
      { components: [row(button(0, { custom_id: x(100) }))] },
      { components: [row(button(0, { custom_id: x(101) }))] },
    ],
    [
      'custom_ids that differ',
      { components: [row(button(0), button(1))] },
      { components: [row(button(0), button(0))] },
    ],
    [
      'a label of 80',
      { components: [row(button(0, { label: x(80) }))] },
      { components: [row(button(0, { label: x(81) }))] },
    ],
    [
      'a link of 512',
      { components: [row({ type: 2, style: 5, label: 'l', url: `https://a.example/${x(494)}` })] },
      { components: [row({ type: 2, style: 5, label: 'l', url: `https://a.example/${x(495)}` })] },
    ],
    [
      '25 options',
      { components: [select({ options: many(25, (at) => ({ label: 'a', value: `${at}` })) })] },
      { components: [select({ options: many(26, (at) => ({ label: 'a', value: `${at}` })) })] },
    ],
    [
      'an option’s label of 100',
      { components: [select({ options: [{ label: x(100), value: 'a' }] })] },
      { components: [select({ options: [{ label: x(101), value: 'a' }] })] },
    ],
    [
      'an option’s value of 100',
      { components: [select({ options: [{ label: 'a', value: x(100) }] })] },
      { components: [select({ options: [{ label: 'a', value: x(101) }] })] },
    ],
    [
      'an option’s description of 100',
      { components: [select({ options: [{ label: 'a', value: 'a', description: x(100) }] })] },
      { components: [select({ options: [{ label: 'a', value: 'a', description: x(101) }] })] },
    ],
    [
      'a placeholder of 150',
      { components: [select({ placeholder: x(150) })] },
      { components: [select({ placeholder: x(151) })] },
    ],
    ['a poll of ten answers', { poll: poll(10) }, { poll: poll(11) }],
    ['a poll of 32 days', { poll: poll(2, 768) }, { poll: poll(2, 769) }],
    ['a nonce of 25', { content: 'n', nonce: x(25) }, { content: 'n', nonce: x(26) }],
  ])('%s', async (_name, within, above) => {
    expect((await call('POST', `/channels/${channel}/messages`, within)).status).toBe(200)
    await refused('POST', `/channels/${channel}/messages`, above, 50_035)
  })

  test('ten attachments of ten MiB', async () => {
    const post = async (sizes: number[]): Promise<Said> => {
      const form = new FormData()
      form.set('payload_json', JSON.stringify({ content: 'files' }))
      for (const [at, size] of sizes.entries()) form.set(`files[${at}]`, new Blob([new Uint8Array(size)]), `${at}.bin`)
      const headers = { authorization: `Bot ${discord.token}` }
      const response = await fetch(`${discord.url}/v10/channels/${channel}/messages`, {
        method: 'POST',
        headers,
        body: form,
      })
      return { status: response.status, body: (await response.json()) as Json, headers: response.headers }
    }
    expect((await post(many(10, () => 10))).status).toBe(200)
    expect((await post(many(11, () => 10))).body).toMatchObject({ code: 50_035 })
    expect((await post([10 * 1024 * 1024 + 1])).body).toMatchObject({ code: 40_005 })
    expect(discord.takeViolations()).toHaveLength(2)
  })

  test('nothing empty, nothing for an unknown channel or message, nothing without the right', async () => {
    await refused('POST', `/channels/${channel}/messages`, { content: ' ' }, 50_006)
    await refused('POST', '/channels/100000000000000000/messages', { content: 'x' }, 10_003)
    await refused('PATCH', `/channels/${channel}/messages/100000000000000000`, { content: 'x' }, 10_008)
    const quiet = discord.addChannel(guild, 'quiet')
    discord.deny(quiet, 'SEND_MESSAGES')
    await refused('POST', `/channels/${quiet}/messages`, { content: 'x' }, 50_013)
    const hidden = discord.addChannel(guild, 'hidden')
    discord.deny(hidden, 'VIEW_CHANNEL')
    await refused('POST', `/channels/${hidden}/messages`, { content: 'x' }, 50_001)
    discord.closeDms(ann)
    await refused('POST', `/channels/${discord.directOf(ann)}/messages`, { content: 'x' }, 50_007)
    await refused('POST', `/channels/${forum}/messages`, { content: 'x' }, 50_008)
    await refused('POST', `/channels/${forum}/threads`, { name: x(101), message: { content: 'x' } }, 50_035)
  })

  test('the same nonce is the same message, when that is asked for', async () => {
    const post = () =>
      call('POST', `/channels/${channel}/messages`, { content: 'once', nonce: 'same', enforce_nonce: true })
    const [one, two] = [await post(), await post()]
    expect(two.body['id']).toBe(one.body['id'])
  })
})

describe('commands', () => {
  const put = (...commands: Json[]) => call('PUT', `/applications/${discord.applicationId}/commands`, commands)
  const command = (more: Json = {}) => ({ name: 'vote', description: 'Vote', ...more })
  const option = (at: number, more: Json = {}) => ({ type: 3, name: `o${at}`, description: 'd', ...more })
  test.each<[string, Json, Json]>([
    ['have small letters in their names', command(), command({ name: 'Vote' })],
    ['have no blank in their names', command(), command({ name: 'vo te' })],
    ['have no picture in their names', command(), command({ name: 'vote🗳' })],
    ['have names of 32', command({ name: x(32) }), command({ name: x(33) })],
    ['are described in 100', command({ description: x(100) }), command({ description: x(101) })],
    ['have 25 options', command({ options: many(25, option) }), command({ options: many(26, option) })],
    [
      'have 25 choices',
      command({ options: [option(0, { choices: many(25, (at) => ({ name: 'n', value: `${at}` })) })] }),
      command({ options: [option(0, { choices: many(26, (at) => ({ name: 'n', value: `${at}` })) })] }),
    ],
    [
      'have 8000 characters in all',
      command({
        options: many(19, (at) =>
          option(at, { description: x(100), choices: many(3, (no) => ({ name: x(100), value: `${no}` })) }),
        ),
      }),
      command({
        options: many(20, (at) =>
          option(at, { description: x(100), choices: many(3, (no) => ({ name: x(100), value: `${no}` })) }),
        ),
      }),
    ],
  ])('%s', async (_name, within, above) => {
    expect((await put(within)).status).toBe(200)
    expect((await put(above)).body).toMatchObject({ code: 50_035 })
    expect(discord.takeViolations()).toHaveLength(1)
  })

  test('are made two hundred times a day', async () => {
    const fresh = await DiscordEmulator.start()
    const set = (from: number) =>
      call(
        'PUT',
        `/applications/${fresh.applicationId}/commands`,
        many(100, (at) => command({ name: `c${from + at}` })),
        fresh,
      )
    expect((await set(0)).status).toBe(200)
    expect((await set(100)).status).toBe(200)
    expect((await set(200)).body).toMatchObject({ code: 50_035 })
    fresh.takeViolations()
    await fresh.stop()
  })
})

describe('interactions', () => {
  const press = async () => {
    const { body } = await call('POST', `/channels/${channel}/messages`, { content: 'b', components: [row(button(0))] })
    const answer = discord.click(ann, channel, body['id'] as string, 'b0')
    answer.catch(() => undefined)
    const one = [...discord.interactions.byToken.values()].at(-1)!
    return {
      one,
      answer,
      callback: (kind: number, data?: Json) =>
        call('POST', `/interactions/${one.id}/${one.token}/callback`, { type: kind, ...(data ? { data } : {}) }),
    }
  }

  test('are answered within three seconds, once', async () => {
    discord.interactions.deadline = 60
    const late = await press()
    await expect(late.answer).rejects.toThrow('did not respond')
    expect((await late.callback(4, { content: 'x' })).body).toMatchObject({ code: 10_062 })
    discord.interactions.deadline = 3_000
    const { callback, one } = await press()
    expect(
      (await call('PATCH', `/webhooks/${discord.applicationId}/${one.token}/messages/@original`, { content: 'x' }))
        .body,
    ).toMatchObject({ code: 10_015 })
    expect((await callback(5)).status).toBe(204)
    expect((await callback(5)).body).toMatchObject({ code: 40_060 })
    discord.takeViolations()
  })

  test('are followed for fifteen minutes, and five times where a user installed the app', async () => {
    const { callback, one, answer } = await press()
    await callback(4, { content: 'x' })
    await answer
    const follow = () => call('POST', `/webhooks/${discord.applicationId}/${one.token}`, { content: 'more' })
    one.userInstall = true
    for (let count = 0; count < 5; count += 1) expect((await follow()).status).toBe(200)
    expect((await follow()).body).toMatchObject({ code: 40_094 })
    one.at -= 15 * 60_000 + 1
    expect((await follow()).body).toMatchObject({ code: 50_027 })
    discord.takeViolations()
  })

  test('open forms with short titles, labels and texts, and offer 25 completions', async () => {
    const field = (more: Json = {}) => ({ type: 4, custom_id: 'f', style: 1, ...more })
    const form = (more: Json = {}, label: Json = {}) => ({
      title: 't',
      custom_id: 'm',
      components: [{ type: 18, label: 'l', component: field(), ...label }],
      ...more,
    })
    for (const bad of [
      form({ title: x(46) }),
      form({}, { label: x(46) }),
      form({ components: many(6, (at) => ({ type: 18, label: 'l', component: field({ custom_id: `${at}` }) })) }),
      form({}, { component: field({ value: x(4_001) }) }),
    ]) {
      const { callback } = await press()
      expect((await callback(9, bad)).body).toMatchObject({ code: 50_035 })
    }
    const { callback, answer } = await press()
    expect((await callback(9, form({ title: x(45) }, { label: x(45) }))).status).toBe(204)
    await answer
    discord.takeViolations()
    await call('PUT', `/applications/${discord.applicationId}/commands`, [
      { name: 'ask', description: 'd', options: [{ type: 3, name: 'q', description: 'd', autocomplete: true }] },
    ])
    const typed = discord.autocomplete(ann, channel, 'ask', { focused: 'q', typed: 'a' })
    typed.catch(() => undefined)
    const one = [...discord.interactions.byToken.values()].at(-1)!
    const choices = (count: number) =>
      call('POST', `/interactions/${one.id}/${one.token}/callback`, {
        type: 8,
        data: { choices: many(count, (at) => ({ name: 'n', value: `${at}` })) },
      })
    expect((await choices(26)).body).toMatchObject({ code: 50_035 })
    expect((await choices(25)).status).toBe(204)
    await typed
    expect(discord.takeViolations()).toHaveLength(1)
  })
})

describe('rates', () => {
  test('a bucket says how much is left and how long to wait, and a call during the wait is a breach', async () => {
    const strict = await DiscordEmulator.start()
    strict.rates.fresh = () => ({ limit: 5, window: 10_000 })
    const room = strict.addChannel(strict.addGuild('Org'), 'room')
    const post = () => call('POST', `/channels/${room}/messages`, { content: 'x' }, strict)
    let said = await post()
    expect(Number(said.headers.get('x-ratelimit-remaining'))).toBeGreaterThan(0)
    while (said.status === 200) said = await post()
    expect(said).toMatchObject({ status: 429, body: { global: false } })
    expect(said.headers.get('retry-after')).not.toBeNull()
    // What was on its way when the refusal came is no breach; what comes later is.
    const early = async () => {
      expect((await post()).status).toBe(429)
      return strict.takeViolations().join()
    }
    await expect.poll(early).toContain('during the wait')
    await strict.stop()
  })

  test('fifty a second in all, interactions apart', async () => {
    const strict = await DiscordEmulator.start()
    const place = strict.addGuild('Org')
    const rooms = many(51, (at) => strict.addChannel(place, `room-${at}`))
    const statuses = await Promise.all(
      rooms.map(async (room) => (await call('POST', `/channels/${room}/messages`, { content: 'x' }, strict)).status),
    )
    expect(statuses.filter((status) => status === 429)).toHaveLength(1)
    expect((await call('POST', '/interactions/100000000000000000/x/callback', { type: 5 }, strict)).status).toBe(404)
    await strict.stop()
  })

  test('too many refused requests close the door', async () => {
    const strict = await DiscordEmulator.start()
    strict.rates.invalidLimit = 3
    const wrong = () => fetch(`${strict.url}/v10/users/@me`, { headers: { authorization: 'Bot wrong' } })
    for (let count = 0; count < 3; count += 1) expect((await wrong()).status).toBe(401)
    expect((await call('GET', '/users/@me', undefined, strict)).status).toBe(403)
    await strict.stop()
  })
})

describe('the gateway', () => {
  const open = async (at = discord) => {
    const socket = new WebSocket(at.origin.replace('http', 'ws'))
    const packets: Json[] = []
    socket.on('message', (raw: Buffer) => packets.push(JSON.parse(raw.toString()) as Json))
    await new Promise((resolve) => socket.once('open', resolve))
    const closed = new Promise<number>((resolve) => socket.once('close', resolve))
    return { socket, packets, closed, send: (packet: unknown) => socket.send(JSON.stringify(packet)) }
  }
  const identify = (more: Json = {}) => ({
    op: 2,
    d: { token: discord.token, intents: 1, properties: { os: 'x', browser: 'x', device: 'x' }, ...more },
  })

  test.each<[string, () => unknown, number]>([
    ['what is no JSON', () => 'nonsense', 4_002],
    ['more than 4096 bytes', () => ({ op: 1, d: x(4_100) }), 4_002],
    ['anything before IDENTIFY', () => ({ op: 8, d: {} }), 4_003],
    ['a wrong token', () => ({ op: 2, d: { token: 'wrong', intents: 1 } }), 4_004],
    ['a shard that is none', () => identify({ shard: [2, 1] }), 4_010],
    ['unknown intents', () => identify({ intents: 1 << 30 }), 4_013],
    ['intents that were not granted', () => identify({ intents: 1 << 8 }), 4_014],
  ])('closes on %s', async (_name, packet, code) => {
    const { socket, closed, send } = await open()
    const given = packet()
    if (typeof given === 'string') socket.send(given)
    else send(given)
    expect(await closed).toBe(code)
    expect(discord.takeViolations()).toHaveLength(1)
  })

  test('closes on a second IDENTIFY, and on 120 sends in a minute', async () => {
    const twice = await open()
    twice.send(identify())
    await expect.poll(() => twice.packets.some(({ t }) => t === 'READY')).toBe(true)
    twice.send(identify())
    expect(await twice.closed).toBe(4_005)
    const busy = await open()
    for (let count = 0; count < 121; count += 1) busy.send({ op: 1, d: null })
    expect(await busy.closed).toBe(4_008)
    expect(discord.takeViolations()).toHaveLength(2)
  })

  test('counts IDENTIFY of the day, and so many at once', async () => {
    const strict = await DiscordEmulator.start({ identifies: 2, shards: 2 })
    const info = async () => (await call('GET', '/gateway/bot', undefined, strict)).body['session_start_limit'] as Json
    expect(await info()).toMatchObject({ total: 2, remaining: 2, max_concurrency: 1 })
    const login = async (shard: number) => {
      const socket = await open(strict)
      socket.send({ op: 2, d: { token: strict.token, intents: 1, shard: [shard, 2] } })
      return socket
    }
    const first = await login(0)
    await expect.poll(() => first.packets.some(({ t }) => t === 'READY')).toBe(true)
    const second = await login(1)
    await expect.poll(() => second.packets.some(({ op }) => op === 9)).toBe(true)
    expect(await info()).toMatchObject({ remaining: 0 })
    expect(await (await login(1)).closed).toBe(4_004)
    const single = await open(strict)
    single.send({ op: 2, d: { token: strict.token, intents: 1 } })
    expect(await single.closed).toBe(4_011)
    strict.takeViolations()
    await strict.stop()
  })
})

describe.skipIf(!hasShared)('Discord’s own document', () => {
  test('refuses what is of another kind', async () => {
    await refused('POST', `/channels/${channel}/messages`, { content: 'x', embeds: 'none' }, 50_035)
  })
})

function poll(answers: number, hours = 24): Json {
  return { question: { text: 'q' }, answers: many(answers, () => ({ poll_media: { text: 'a' } })), duration: hours }
}
