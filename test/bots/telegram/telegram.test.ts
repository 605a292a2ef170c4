import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { createTelegram } from '../../../bots/telegram/index.ts'
import { verifyLaunch } from '../../../bots/telegram/launch.ts'
import { createApp, has, type ChecksChannels } from '../../../core/index.ts'
import { run, text, type View } from '../../../core/view.ts'
import { whileBusy } from '../../support/busy.ts'
import { platformedTelegram, type PlatformedTelegram } from '../../support/telegram/platformed.ts'
import { recorded } from '../../support/recorded.ts'
import { hasShared } from '../../support/shared.ts'
import { signInitData } from '../../support/telegram/sign.ts'

let all: PlatformedTelegram
let ann: number
beforeAll(async () => {
  all = await platformedTelegram()
  ann = Number(all.people[0])
})
afterEach(() => expect(all.telegram.takeViolations()).toEqual([]))
afterAll(() => all.stop())

const room = async () => Number((await all.channel()).id)
const send = (chat: number, view: View, key: string, more: object = {}) =>
  all.platform.send({ platform: 'telegram', id: String(chat) }, view, { key, ...more })
const words = (chat: number, as = ann) => all.telegram.messages(chat, as).map((message) => message.words)
/** A chat takes one message a second. */
const until = <T>(check: () => T | Promise<T>) => vi.waitFor(check, { timeout: 15_000, interval: 20 })
const answerTo = (query: string) =>
  until(() => {
    const answer = all.telegram.answerTo(query)
    expect(answer).toBeDefined()
    return answer!
  })
const ticketOf = (user: number) => ({
  hash: `h${user}`,
  platform: 'telegram',
  workspace: '',
  user_id: String(user),
  name: 'Bob',
  channel: `@${user}`,
  expires_at: new Date(Date.now() + 600_000),
})
const keys = async () => (await all.ctx.db.selectFrom('inbox').select('key').execute()).length

describe('a database that does not answer', () => {
  test('is said to who presses a button, and nothing of it is done later', async () => {
    const { id } = await send(ann, { body: [text('card')], actions: [run('Log', 'link')] }, 'telegram/busy')
    const before = await keys()
    const said = await whileBusy(all.ctx, () =>
      answerTo(all.telegram.press(ann, { chat: ann, message: Number(id) }, 'Log')),
    )
    expect(said).toMatchObject({ show_alert: true, text: expect.stringContaining('cannot store') as string })
    all.telegram.say(ann, ann, '/whoami')
    await all.idle()
    expect(words(ann).join()).not.toContain('Link a wallet')
    expect(await keys()).toBe(before + 1)
  })

  test('loses nothing of what is typed: it is asked for again, and answered once', async () => {
    await whileBusy(all.ctx, async () => {
      all.telegram.say(ann, ann, '/help')
      await until(() => expect(all.telegram.pending).toBe(1))
      await expect.poll(() => all.telegram.pending, { timeout: 2_500 }).toBe(1)
    })
    await until(() => expect(words(ann).filter((each) => each.includes('/proposals')).length).toBe(1))
    await all.idle()
    expect(words(ann).filter((each) => each.includes('/proposals'))).toHaveLength(1)
  })
})

describe('a button', () => {
  test('whose line is longer than 64 bytes still does what it says', async () => {
    const line = `proposals ${'sehr-längliche-'.repeat(8)}`
    const { id } = await send(ann, { body: [text('card')], actions: [run('Look', line)] }, 'telegram/long')
    const [button] = all.telegram.messages(ann, ann).at(-1)!.buttons
    expect(Buffer.byteLength(button!.data!)).toBeLessThanOrEqual(64)
    all.telegram.press(ann, { chat: ann, message: Number(id) }, 'Look')
    await all.idle()
    await until(() => expect(words(ann).at(-1)?.replaceAll('\u2060', '')).toContain('sehr-längliche'))
  })

  test('in a group whose answer is for one person alone leads them into the private chat, where it is answered', async () => {
    const chat = await room()
    const { id } = await send(chat, { body: [text('card')], actions: [run('My wallets', 'whoami')] }, 'telegram/lead')
    const bob = Number(all.people[1])
    const { url } = await answerTo(all.telegram.press(bob, { chat, message: Number(id) }, 'My wallets'))
    const start = new URL(String(url)).searchParams.get('start')!
    all.telegram.start(bob, start)
    await until(() => expect(words(bob, bob).at(-1)).toMatch(/not linked|What AutoCo knows|No wallet/i))
    expect(words(chat).filter((each) => /wallet/i.test(each))).toEqual([])
    await all.idle()
  })
})

describe('a link', () => {
  test('may ask for what shows something, and for nothing that changes anything', async () => {
    const bob = Number(all.people[1])
    all.telegram.start(bob, 'help')
    await until(() => expect(words(bob, bob).at(-1)).toContain('/proposals'))
    await all.ctx.db.insertInto('ticket').values(ticketOf(bob)).execute()
    for (const payload of ['erase_yes', 'reminders_off', 'link_123456', 'digest-off']) {
      all.telegram.start(bob, payload)
      await until(() => expect(words(bob, bob).at(-1)).toMatch(/A link asks for \/[\s\S]*type the command yourself/))
    }
    expect(
      await all.ctx.db.selectFrom('ticket').select('hash').where('user_id', '=', String(bob)).execute(),
    ).toHaveLength(1)
    await all.idle()
  })

  test('that somebody forwards, or a command that they do, is nobody’s wish', async () => {
    const bob = Number(all.people[1])
    all.telegram.say(bob, bob, '/erase yes', { isForward: true })
    await until(() => expect(words(bob, bob).at(-1)).toContain('/proposals'))
    const chat = await room()
    const before = words(chat).length
    all.telegram.say(ann, chat, '/unwatch nothing', { isForward: true })
    await all.idle()
    expect(words(chat)).toHaveLength(before + 1)
    expect(
      await all.ctx.db.selectFrom('ticket').select('hash').where('user_id', '=', String(bob)).execute(),
    ).toHaveLength(1)
  })
})

describe('what is asked in a group and answered in private', () => {
  test('is about the group: its buttons and the answers to its questions too', async () => {
    const chat = await room()
    all.telegram.say(ann, chat, '/settings')
    await until(() => expect(words(ann).at(-1)).toContain('Settings of this channel'))
    const { id } = all.telegram.messages(ann, ann).at(-1)!
    all.telegram.press(ann, { chat: ann, message: id }, 'Turn ending off')
    await until(() => expect(words(ann).at(-1)).toMatch(/A vote ends soon: off/))
    const rows = await all.ctx.db
      .selectFrom('channel_setting')
      .select(['name', 'value'])
      .where('channel', '=', String(chat))
      .execute()
    expect(rows).toEqual([{ name: 'ending', value: 'off' }])
    all.telegram.say(ann, chat, '/digest all due "weekdays 9:00"')
    await until(() => expect(words(ann).at(-1)).toMatch(/Time zone[\s\S]*Answer this message/))
    all.telegram.say(ann, ann, 'Europe/Berlin', { reply: all.telegram.messages(ann, ann).at(-1)!.id })
    await until(async () =>
      expect(
        await all.ctx.db.selectFrom('digest').select(['channel', 'zone']).where('channel', '=', String(chat)).execute(),
      ).toEqual([{ channel: String(chat), zone: 'Europe/Berlin' }]),
    )
    await all.idle()
  })

  test('is no longer about it for who has left', async () => {
    const chat = await room()
    all.telegram.say(ann, chat, '/settings')
    await until(() => expect(words(ann).at(-1)).toContain('Settings of this channel'))
    const { id } = all.telegram.messages(ann, ann).at(-1)!
    all.telegram.leave(chat, ann)
    all.telegram.press(ann, { chat: ann, message: id }, 'Turn new off')
    await all.idle()
    const rows = await all.ctx.db.selectFrom('channel_setting').select('channel').where('name', '=', 'new').execute()
    expect(rows).toEqual([{ channel: `@${ann}` }])
  })
})

test('where the bot has a Mini App, one press in a group opens it at the page to sign on', async () => {
  const other = await platformedTelegram({}, { bot: { has_main_web_app: true } })
  const channel = await other.channel()
  const actions = [run('For', 'vote ens-1 for'), run('Log off', 'digest-off'), run('Ask', 'ask')]
  await other.platform.send(channel, { body: [text('card')], actions }, { key: 'telegram/app' })
  const chat = Number(channel.id)
  const user = Number(other.people[0])
  expect(other.telegram.messages(chat, user).at(-1)!.buttons).toEqual([
    { label: 'For', url: `https://t.me/${other.telegram.username}?startapp=vote_ens-1_for` },
    expect.objectContaining({ label: 'Log off', data: 'digest-off' }),
    expect.objectContaining({ label: 'Ask', data: 'ask' }),
  ])
  await other.platform.send({ platform: 'telegram', id: `@${user}` }, { body: [text('card')], actions }, { key: 'own' })
  expect(other.telegram.messages(user, user).at(-1)!.buttons[0]).toMatchObject({ data: 'vote ens-1 for' })
  await other.stop()
})

describe('a word that is missing', () => {
  test('is asked for, and what is answered completes the line', async () => {
    all.telegram.say(ann, ann, '/ask')
    await until(() => expect(words(ann).at(-1)).toContain('Answer this message'))
    const first = all.telegram.messages(ann, ann).at(-1)!
    all.telegram.say(ann, ann, 'nobody-7', { reply: first.id })
    await until(() => expect(all.telegram.messages(ann, ann).at(-1)!.id).toBeGreaterThan(first.id + 1))
    const second = all.telegram.messages(ann, ann).at(-1)!
    expect(second.words).toMatch(/question/i)
    all.telegram.say(ann, ann, 'Why at all?', { reply: second.id })
    await until(() => expect(words(ann).at(-1)?.replaceAll('\u2060', '')).toContain('nobody-7'))
    await all.idle()
  })
})

describe('a group', () => {
  test('that becomes a supergroup keeps what it watches, under its new number', async () => {
    const chat = all.telegram.addChat('Small', [ann], { type: 'group' })
    const digest = {
      daos: null,
      sections: ['due' as const],
      said: 'daily 9:00',
      cron: '0 9 * * *',
      zone: 'UTC',
      server: null,
    }
    const moments = { last_at: new Date(), next_at: new Date() }
    await all.ctx.db
      .insertInto('digest')
      .values({ platform: 'telegram', channel: String(chat), created_by: `@${ann}`, ...digest, ...moments })
      .execute()
    const grown = all.telegram.migrate(chat)
    await until(async () =>
      expect(
        await all.ctx.db
          .selectFrom('digest')
          .select('channel')
          .where('channel', 'in', [String(chat), String(grown)])
          .execute(),
      ).toEqual([{ channel: String(grown) }]),
    )
    await send(grown, { body: [text('still here')] }, 'telegram/grown')
    expect(words(grown)).toContain('still here')
  })

  test('with topics is answered in the topic where it was asked', async () => {
    const chat = all.telegram.addChat('Forum', [ann], { forum: true })
    all.telegram.promote(chat, ann)
    const topic = all.telegram.addTopic(chat, 'Governance')
    all.telegram.say(ann, chat, '/unwatch nothing', { topic })
    await all.idle()
    await until(() => {
      const last = [...all.telegram.state.messages.values()].findLast(({ from }) => from.is_bot)
      expect(last?.text).toMatch(/nothing/)
    })
  })

  test('that AutoCo may not write in is named when it is to be watched', async () => {
    const missing = async (id: number) =>
      has<ChecksChannels>(all.platform, 'missing')
        ? await all.platform.missing({ platform: 'telegram', id: String(id) })
        : []
    const chat = await room()
    expect(await missing(chat)).toEqual([])
    all.telegram.silence(chat)
    expect(await missing(chat)).toEqual([expect.stringMatching(/send messages|write/i)])
  })
})

test.skipIf(!hasShared)('what the real Telegram once sent is taken and answered', async () => {
  const webhook = await platformedTelegram({ TELEGRAM_WEBHOOK: 'on' })
  const updates = Object.values(recorded('telegram.json')).filter((each) => typeof each === 'object')
  const user = (updates[0]!['message'] as { from: { id: number } }).from.id
  for (const update of updates) webhook.telegram.replay(update)
  await until(async () => {
    const rows = await webhook.ctx.db.selectFrom('inbox').select('key').where('done_at', 'is not', null).execute()
    expect(rows).toHaveLength(updates.length)
  })
  // Nobody of that number is here: it is the answers that find nobody.
  const tried = webhook.telegram.calls.filter(({ params }) => Number(params['chat_id']) === user)
  expect(tried.length).toBeGreaterThan(0)
  await webhook.stop()
})

test('two programs with one token: the other is waited out, and nothing is lost', async () => {
  const other = fetch(`${all.telegram.url}/bot${all.telegram.token}/getUpdates`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ timeout: 1, offset: -1 }),
  })
  await other
  await until(() => expect(all.telegram.takeViolations()).toEqual([expect.stringContaining('409 Conflict')]))
  all.telegram.say(ann, ann, '/receipt')
  await until(() => expect(words(ann).at(-1)).toMatch(/ballot|linked/i))
  await all.idle()
})

test('a restart goes on where it stopped', async () => {
  await all.platform.stop()
  all.telegram.say(ann, ann, '/home')
  const again = createTelegram(all.ctx.config)
  await again.start(createApp(all.ctx, [again]))
  await until(() => expect(words(ann).at(-1)).toContain('What waits for you'))
  await all.idle()
  await again.stop()
})

describe('the launch data of a Mini App', () => {
  const token = '1:AAtoken'
  const user = JSON.stringify({ id: 7, first_name: 'Ann', username: 'ann' })
  const check = (data: string, minutes = 0, as = token) => verifyLaunch(as, data, Date.now() + minutes * 60_000)

  test('says who opened it, when Telegram signed it a moment ago', () => {
    expect(check(signInitData(token, { user, start_param: 'vote' }))).toMatchObject({
      account: { user: '7', name: 'Ann' },
      startParam: 'vote',
    })
  })

  test('of another bot, changed, or unsigned is refused', () => {
    const good = signInitData(token, { user })
    const changed = new URLSearchParams(good)
    changed.set('user', user.replace('7', '8'))
    for (const data of [signInitData('2:AAother', { user }), changed.toString(), `user=${user}`, ''])
      expect(() => check(data)).toThrow('Telegram did not sign this.')
  })

  test('that is old, or of the future, is refused: also the one that Telegram’s own example shows', () => {
    expect(() => check(signInitData(token, { user }), 6)).toThrow('opened too long ago')
    expect(() => check(signInitData(token, { user }), -6)).toThrow('opened too long ago')
    const example =
      'query_id=AAHdF6IQAAAAAN0XohDhrOrc&user=%7B%22id%22%3A279058397%2C%22first_name%22%3A%22Vladislav%22%2C%22last_name%22%3A%22Kibenko%22%2C%22username%22%3A%22vdkfrost%22%2C%22language_code%22%3A%22ru%22%2C%22is_premium%22%3Atrue%7D&auth_date=1662771648&hash=c501b71e775f74ce10e377dea85a7ea24ecd640b223ea86dfe453e0eaed2e2b2'
    const itsToken = '5768337691:AAH5YkoiEuPk8-FZa32hStHTqXiLPtAEhx8'
    expect(() => check(example, 0, itsToken)).toThrow('opened too long ago')
    expect(verifyLaunch(itsToken, example, 1_662_771_648_000)).toMatchObject({ account: { user: '279058397' } })
  })
})
