import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { createDiscord } from '../../../bots/discord/index.ts'
import { drain } from '../../../core/chat/lane.ts'
import { showCard } from '../../../core/chat/outbox.ts'
import { createApp, has, type ChecksChannels, type GivesRoles } from '../../../core/index.ts'
import { run, text, type View } from '../../../core/view.ts'
import { whileBusy } from '../../support/busy.ts'
import { platformedDiscord, type PlatformedDiscord } from '../../support/discord/platformed.ts'

/** Other tests may keep both processors busy. */
const patience = { timeout: 15_000, interval: 20 }

let all: PlatformedDiscord
let ann: string
beforeAll(async () => {
  all = await platformedDiscord()
  ;[ann] = all.people
})
afterEach(() => expect(all.discord.takeViolations()).toEqual([]))
afterAll(() => all.stop())

const room = async () => (await all.channel()).id
const send = (channel: string, view: View, key: string, more: object = {}) =>
  all.platform.send({ platform: 'discord', id: channel }, view, { key, ...more })
const words = (channel: string, as = ann) => all.discord.messages(channel, as).map((message) => message.words)

describe('a database that does not answer', () => {
  test('is said within the three seconds, and nothing of it is done later', async () => {
    const channel = await room()
    const answer = await whileBusy(all.ctx, () => all.discord.slash(ann, channel, 'link'))
    expect(answer.ms).toBeLessThan(2_500)
    expect(JSON.stringify(answer.data)).toContain('cannot store what you asked right now')
    await all.idle()
    const left = await all.ctx.db.selectFrom('inbox').select('key').execute()
    expect(left).toEqual([])
    await all.discord.slash(ann, channel, 'link')
    await all.idle()
    expect(words(channel).filter((each) => each.includes('Link a wallet'))).toHaveLength(1)
  })
})

describe('a button', () => {
  test('whose line is longer than a custom_id can be still does what it says', async () => {
    const channel = await room()
    const line = `proposals ${'very-'.repeat(30)}long`
    const { id } = await send(channel, { body: [text('a card')], actions: [run('Look', line)] }, 'discord/long')
    const [card] = all.discord.messages(channel, ann)
    expect(card?.buttons[0]?.custom_id?.length).toBeLessThanOrEqual(100)
    await all.discord.click(ann, channel, id, 'Look')
    await all.idle()
    expect(words(channel).at(-1)).toContain('very-very-')
  })

  test('that is too old to be known says so', async () => {
    const channel = await room()
    const { id } = await send(channel, { body: [text('a card')], actions: [run('Old', 'help')] }, 'discord/old')
    const message = all.discord.state.message(channel, id)
    message.components = [
      { type: 1, components: [{ type: 2, style: 2, label: 'Old', custom_id: `~p${'x'.repeat(24)}` }] },
    ]
    await all.discord.click(ann, channel, id, 'Old')
    await all.idle()
    expect(words(channel).at(-1)).toMatch(/too old|no longer/i)
  })

  test('that lacks a word opens a form before anything else happens, and the form does the rest', async () => {
    const channel = await room()
    const { id } = await send(channel, { body: [text('a card')], actions: [run('Ask', 'ask')] }, 'discord/form')
    const before = await all.ctx.db.selectFrom('inbox').select('key').execute()
    const opened = await all.discord.click(ann, channel, id, 'Ask')
    expect(opened.kind).toBe(9)
    expect(await all.ctx.db.selectFrom('inbox').select('key').execute()).toEqual(before)
    expect(all.discord.modal(ann)?.fields.map(({ name }) => name)).toEqual(['proposal', 'question'])
    await all.discord.submit(ann, channel, { proposal: 'nobody-7', question: 'Why?' })
    await all.idle()
    expect(words(channel).at(-1)).toMatch(/nobody-7/)
  })

  test('of a command that only managers may use is refused to others, with the right that is missing', async () => {
    const channel = await room()
    const eve = all.discord.addUser('eve')
    all.discord.join(all.guild, eve)
    const { id } = await send(channel, { body: [text('x')], actions: [run('Log', 'audit-log')] }, 'discord/manager')
    await all.discord.click(eve, channel, id, 'Log')
    await all.idle()
    expect(words(channel, eve).at(-1)).toMatch(/manage/i)
  })
})

test('a form that still lacks something says so: Discord opens no form behind a form', async () => {
  const channel = await room()
  await all.discord.slash(ann, channel, 'settings', { what: 'zone' })
  expect(all.discord.modal(ann)?.fields.map(({ name }) => name)).toContain('dao')
  const answer = await all.discord.submit(ann, channel, { dao: 'all', what: 'zone' })
  expect(answer).toMatchObject({ kind: 4, data: { content: expect.stringContaining('missing') as string } })
})

test('completion offers what the command knows', async () => {
  const channel = await room()
  await all.ctx.db
    .insertInto('dao')
    .values({
      slug: 'harbour',
      name: 'Harbour DAO',
      chain_id: all.ctx.chain.id,
      address: `0x${'17'.repeat(20)}`,
      kind: 'oz5',
      token: null,
      timelock: null,
      clock: 'timestamp',
      domain_name: 'H',
      domain_version: '1',
      probe: '{}',
      from_block: '0',
    })
    .execute()
  const { data } = await all.discord.autocomplete(ann, channel, 'proposals', { focused: 'dao', typed: 'harb' })
  expect(data?.['choices']).toEqual([expect.objectContaining({ value: 'harbour' })])
})

describe('a forum', () => {
  test('has a post for each card, tagged by its state, and one only when the answer was lost', async () => {
    const forum = all.discord.addChannel(all.guild, 'proposals', 'forum', ['open for votes', 'executed'])
    const view: View = { title: 'nomic-1: Fund it', body: [text('Open for votes. Ends soon.')] }
    all.discord.fault({ type: 'cut', when: 'after', method: 'POST', route: new RegExp(`/channels/${forum}/threads`) })
    const channel = { platform: 'discord', channel: forum, view, key: 'discord/forum' }
    await all.ctx.db.transaction().execute((trx) => showCard(trx, all.ctx.queue, channel))
    const posts = () => [...all.discord.state.channels.values()].filter(({ parent }) => parent === forum)
    await vi.waitFor(
      async () => {
        await drain(all.ctx, all.platform)
        const row = await all.ctx.db.selectFrom('effect').select('state').where('key', '=', 'discord/forum').execute()
        expect(row[0]?.state).toBe('sent')
      },
      { timeout: 10_000, interval: 100 },
    )
    expect(posts()).toHaveLength(1)
    expect(posts()[0]).toMatchObject({ name: 'nomic-1: Fund it', applied: [expect.any(String)] })
    const card = await send(forum, view, 'discord/forum', { maybeSent: true })
    const reply = await send(forum, { body: [text('The vote ends soon.')] }, 'discord/reply', { under: card })
    expect(reply.thread).toBe(posts()[0]!.id)
    await all.platform.edit(card, { title: 'nomic-1: Fund it', body: [text('Executed.')] })
    expect(words(posts()[0]!.id)).toEqual([expect.stringContaining('Executed.'), 'The vote ends soon.'])
    const { tags } = all.discord.state.channel(forum)
    expect(posts()[0]!.applied).toEqual([tags.find(({ name }) => name === 'executed')!.id])
  })
})

test('a card that people will talk about has its thread at once, and one where that is not allowed is a card all the same', async () => {
  const [channel, closed] = [await room(), await room()]
  const threads = (of: string) => [...all.discord.state.channels.values()].filter(({ parent }) => parent === of)
  const view: View = { title: 'nomic-9: Talk', talk: true, body: [text('card')] }
  const card = await send(channel, view, 'discord/thread')
  expect(threads(channel)).toMatchObject([{ id: card.id, name: 'nomic-9: Talk' }])
  await send(channel, { body: [text('one more')] }, 'discord/thread-1', { under: card })
  expect(threads(channel)).toHaveLength(1)
  all.discord.deny(closed, 'CREATE_PUBLIC_THREADS')
  await send(closed, view, 'discord/thread-2')
  expect(words(closed)).toHaveLength(1)
  expect(all.discord.takeViolations()).toEqual([expect.stringContaining('50013')])
})

test('a thread that was archived is written to again, and a locked one is let be', async () => {
  const channel = await room()
  const card = await send(channel, { title: 'Card', body: [text('card')] }, 'discord/archive')
  const first = await send(channel, { body: [text('one')] }, 'discord/archive-1', { under: card })
  all.discord.archive(first.thread!)
  await send(channel, { body: [text('two')] }, 'discord/archive-2', { under: card })
  expect(words(first.thread!)).toEqual(['one', 'two'])
  all.discord.archive(first.thread!)
  // The outcome of a vote comes when nobody has talked for a week.
  await all.platform.edit(first, { body: [text('one, edited')] })
  expect(words(first.thread!)[0]).toBe('one, edited')
  expect(all.discord.takeViolations()).toEqual([expect.stringContaining('50083')])
  all.discord.archive(first.thread!, { locked: true })
  await expect(all.platform.edit(first, { body: [text('too late')] })).rejects.toMatchObject({ what: 'message' })
  expect(all.discord.takeViolations()).toHaveLength(2)
})

describe('private messages', () => {
  test('go only to who agreed; others are told behind what they asked last', async () => {
    const channel = await room()
    const bob = all.people[1]
    await all.discord.slash(bob, channel, 'help')
    await all.idle()
    await send(`@${bob}`, { body: [text('a secret of Bob')] }, 'discord/secret')
    const here = all.discord.messages(channel, bob)
    expect(here.at(-1)).toMatchObject({ words: 'a secret of Bob', ephemeral: true })
    expect(words(channel, ann).join()).not.toContain('a secret of Bob')
  })

  test('that a person has closed go the same way', async () => {
    const channel = await room()
    const { id } = await all.privateChannel(ann)
    all.discord.closeDms(ann)
    await all.discord.slash(ann, channel, 'help')
    await all.idle()
    await send(id, { body: [text('closed, but told')] }, 'discord/closed')
    expect(words(channel).at(-1)).toBe('closed, but told')
    all.discord.closeDms(ann, false)
    expect(all.discord.takeViolations()).toEqual([expect.stringContaining('50007')])
  })
})

describe('what people say in a thread', () => {
  test('is kept, changed and taken back with them', async () => {
    const channel = await room()
    const card = await send(channel, { title: 'Card', body: [text('card')] }, 'discord/talk')
    const { thread } = await send(channel, { body: [text('talk here')] }, 'discord/talk-1', { under: card })
    const said = all.discord.say(ann, thread!, 'I am for it')
    const keys = async () => {
      const rows = await all.ctx.db
        .selectFrom('inbox')
        .select('key')
        .where('key', 'like', `discord:%${said}%`)
        .execute()
      return rows.map(({ key }) => key).toSorted()
    }
    await vi.waitFor(async () => expect(await keys()).toEqual([`discord:${said}:`]), patience)
    all.discord.edit(ann, thread!, said, 'I am against it')
    await vi.waitFor(
      async () => expect(await keys()).toEqual([`discord:${said}:`, expect.stringMatching(/T.*Z$/)]),
      patience,
    )
    all.discord.deleteMessage(thread!, said)
    await vi.waitFor(async () => expect(await keys()).toContain(`discord:gone:${said}`), patience)
    await all.idle()
  })
})

test('a role is given and taken once; what stands in the way is said, and how to mend it', async () => {
  const { discord, guild, platform } = all
  if (!has<GivesRoles>(platform, 'setRole')) throw new Error('Discord gives roles')
  const role = discord.addRole(guild, 'voter')
  const at = { server: guild, user: ann, role }
  expect(await platform.setRole({ ...at, has: true })).toBe(true)
  expect(discord.rolesOf(guild, ann)).toContain(role)
  expect(await platform.setRole({ ...at, has: true })).toBe(false)
  expect(await platform.roleName({ server: guild, role })).toBe('voter')
  expect(await platform.setRole({ ...at, has: false })).toBe(true)
  expect(discord.rolesOf(guild, ann)).not.toContain(role)
  const above = discord.addRole(guild, 'boss', { position: 9 })
  await expect(platform.setRole({ ...at, role: above, has: true })).rejects.toMatchObject({
    name: 'UserError',
    hint: expect.stringContaining('drag its role above') as string,
  })
  expect(discord.takeViolations()).toEqual([expect.stringContaining('50013')])
})

test('what AutoCo may not do in a channel is named before it is watched', async () => {
  const channel = await room()
  const { discord, platform } = all
  if (!has<ChecksChannels>(platform, 'missing')) throw new Error('Discord checks channels')
  expect(await platform.missing({ platform: 'discord', id: channel })).toEqual([])
  discord.deny(channel, 'SEND_MESSAGES', 'CREATE_PUBLIC_THREADS')
  expect(await platform.missing({ platform: 'discord', id: channel })).toEqual([
    'Send Messages',
    'Create Public Threads',
  ])
  await discord.slash(ann, channel, 'watch', { address: `0x${'11'.repeat(20)}` })
  await all.idle()
  expect(words(channel).at(-1)).toMatch(/Send Messages[\s\S]*Create Public Threads/)
})

test('a restart resumes the session: what was said meanwhile is heard, and no login is spent', async () => {
  const channel = await room()
  const logins = all.discord.gateway.identified
  await all.platform.stop()
  const said = Array.from({ length: 12 }, (_, at) => all.discord.say(ann, channel, `while AutoCo was away ${at}`))
  const again = createDiscord(all.ctx.config)
  await again.start(createApp(all.ctx, [again]))
  await vi.waitFor(
    async () =>
      expect(
        await all.ctx.db
          .selectFrom('inbox')
          .select('key')
          .where(
            'key',
            'in',
            said.map((id) => `discord:${id}:`),
          )
          .where('done_at', 'is not', null)
          .execute(),
      ).toHaveLength(12),
    patience,
  )
  expect(all.discord.gateway.identified).toBe(logins)
  await again.stop()
})
