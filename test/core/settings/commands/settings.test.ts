import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createApp, type App, type Caller, type Channel } from '../../../../core/index.ts'
import type { Action, View } from '../../../../core/view.ts'
import { channelWants, settingsOf } from '../../../../core/settings/settings.ts'
import { wordsOf } from '../../../support/ballots.ts'
import { caller } from '../../../support/linking.ts'
import { insertDao, rowWorld, subscribe, type RowWorld } from '../../../support/proposal.ts'

let all: RowWorld
let app: App
let nomic: { id: string }
let ens: { id: string }
const general: Channel = { platform: 'paper', id: 'general', server: 'guild' }
const council: Channel = { platform: 'paper', id: 'council', server: 'guild' }
const alice = caller('alice', { platform: 'paper', name: 'Alice', manager: true })

beforeAll(async () => {
  all = await rowWorld()
  app = createApp(all.ctx, [])
  nomic = await insertDao(all.ctx)
  ens = await insertDao(all.ctx, { slug: 'ens', name: 'ENS' })
  for (const dao of [nomic, ens]) await subscribe(all.ctx, dao, 'general')
})
afterAll(() => all.stop())

async function ask(line: string, from: { channel?: Channel; who?: Caller } = {}): Promise<View> {
  return (await app.run({ caller: from.who ?? alice, channel: from.channel ?? general, line })).view
}
const say = async (...call: Parameters<typeof ask>): Promise<string> => wordsOf(await ask(...call))
const lines = (view: View): string[] =>
  (view.actions ?? []).flatMap((action: Action) => ('run' in action ? action.run : []))
const press = async (view: View, label: string): Promise<View> => {
  const action = view.actions?.find((each) => each.label === label)
  if (!action || !('run' in action)) throw new Error(`no button ${label}`)
  return ask(action.run)
}

describe('a channel nobody has set up', () => {
  test('hears of everything but power, at any hour, in English', async () => {
    expect(await settingsOf(all.ctx, { channel: { platform: 'paper', id: 'new' } })).toEqual({
      events: { new: true, ending: true, result: true, queued: true, executed: true, power: false },
      reminders: [50, 90],
      zone: 'UTC',
      lang: 'en',
      quiet: undefined,
    })
  })
})

describe('/settings', () => {
  test('shows each setting in words, with a button for every switch and a form for the rest', async () => {
    const view = await ask('settings')
    expect(wordsOf(view)).toContain('Reminders to those who have not voted | at 50 % and 90 % of the time to vote')
    expect(wordsOf(view)).toContain('ENS (ens):  | as above')
    expect(lines(view)).toEqual(
      expect.arrayContaining(['settings all ending off', 'settings all power on', 'settings all zone', 'settings ens']),
    )
    for (const line of lines(view)) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(64)
    expect(app.parse('settings all zone')).toMatchObject({ status: 'form', missing: ['value'] })
  })

  test('switches by a button, and the button switches back', async () => {
    const off = await press(await ask('settings nomic'), 'Turn ending off')
    expect(wordsOf(off)).toContain('A vote ends soon | off')
    expect(await channelWants(all.ctx, { channel: general, daoId: nomic.id, event: 'ending' })).toBe(false)
    expect(await channelWants(all.ctx, { channel: general, daoId: ens.id, event: 'ending' })).toBe(true)
    expect(await channelWants(all.ctx, { channel: council, daoId: nomic.id, event: 'ending' })).toBe(true)
    expect(await say('settings')).toContain('Nomic (nomic):  | ending off')
    const on = await press(off, 'Turn ending on')
    expect(wordsOf(on)).toContain('A vote ends soon | on')
  })

  test('for all DAOs ends what one of them had of its own', async () => {
    await ask('settings nomic executed off')
    await ask('settings all executed off')
    await ask('settings all executed on')
    for (const { id: daoId } of [nomic, ens])
      expect(await channelWants(all.ctx, { channel: general, daoId, event: 'executed' })).toBe(true)
  })

  test.each([
    ['settings all zone europe/berlin', { zone: 'Europe/Berlin' }],
    ['settings all zone New York', { zone: 'America/New_York' }],
    ['settings all language Deutsch', { lang: 'de' }],
    ['settings all quiet 22-7:30', { quiet: { from: 1_320, to: 450 } }],
    ['settings all quiet off', { quiet: undefined }],
    ['settings all reminders 90, 25 %', { reminders: [25, 90] }],
    ['settings all reminders off', { reminders: [] }],
    ['settings all reminders on', { reminders: [50, 90] }],
  ])('understands %s', async (line, expected) => {
    await ask(line)
    expect(await settingsOf(all.ctx, { channel: general })).toMatchObject(expected)
  })

  test.each([
    ['settings all ending maybe', '“maybe” is not on or off. | Say on or off.'],
    ['settings all zone Mars', '“Mars” is not a time zone. | Say it as the tz database does: Europe/Berlin'],
    ['settings all language klingon', 'Say one of en (English), de (Deutsch), es (Español), fr (Français).'],
    ['settings all quiet at night', 'such as 22:00-08:00, or off'],
    ['settings all quiet 25-8', 'such as 22:00-08:00, or off'],
    ['settings all reminders 50 60 70 80', 'up to three percents'],
    ['settings all reminders 100', 'up to three percents'],
    ['settings nomic zone UTC', 'Time zone cannot differ from one DAO to another. | Type  | /settings all zone UTC'],
    ['settings uniswap ending off', 'Say one of all, ens, nomic, or watch it first'],
    ['settings all colour red', '“colour” is not one of new, ending, result'],
  ])('refuses %s and says what is allowed', async (line, words) => {
    expect(await say(line)).toContain(words)
  })

  test('is for people who manage the channel', async () => {
    const mallory = caller('mallory', { platform: 'paper', manager: false })
    expect(await say('settings all new off', { who: mallory })).toContain('Only people who may manage')
    expect(await say('audit-log', { who: mallory })).toContain('Only people who may manage')
    expect((await settingsOf(all.ctx, { channel: general })).events.new).toBe(true)
  })

  test('offers DAOs and values while one types', async () => {
    const offered = async (line: string) =>
      (await app.complete({ caller: alice, channel: general, line })).map(({ value }) => value)
    expect(await offered('settings a')).toEqual(['all'])
    expect(await offered('settings all qui')).toEqual(['quiet'])
    expect(await offered('settings all zone lisb')).toEqual(['Europe/Lisbon'])
  })
})

describe('/audit-log', () => {
  test('says who changed what, newest first, and nothing that changed nothing', async () => {
    const channel = { platform: 'paper', id: 'logged' }
    await subscribe(all.ctx, nomic, 'logged')
    await ask('settings nomic power on', { channel })
    await ask('settings nomic power on', { channel })
    await ask('settings all zone UTC', { channel })
    await ask('unwatch nomic', { channel, who: caller('bob', { platform: 'paper', name: 'Bob\u202e', manager: true }) })
    const log = await say('audit-log', { channel })
    expect(log.match(/Alice|Bob/g)).toEqual(['Bob', 'Alice'])
    expect(log).toContain('Bob (bob), unwatch | : no longer watches Nomic')
    expect(log).toContain('Alice (alice), settings | : power: on for Nomic (was off)')
  })

  test('shows the whole server where there is one, and no other', async () => {
    await ask('settings all new off', { channel: council })
    await ask('settings all new on', { channel: council })
    expect(await say('audit log')).toContain(' in  | council | : new: off (was on)')
    const elsewhere = await say('audit-log', { channel: { platform: 'paper', id: 'x', server: 'other' } })
    expect(elsewhere).toContain('Nothing was changed yet.')
  })

  test('no longer names who had themselves erased', async () => {
    const carol = caller('carol', { platform: 'paper', name: 'Carol', manager: true })
    const channel = { platform: 'paper', id: 'carols' }
    await ask('settings all power on', { channel, who: carol })
    await ask('erase yes', { channel, who: carol })
    const log = await say('audit-log', { channel })
    expect(log).toContain('someone, settings | : power: on (was off)')
    expect(log).not.toMatch(/carol/i)
  })
})
