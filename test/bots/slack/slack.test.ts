import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { drain } from '../../../core/chat/lane.ts'
import { showCard } from '../../../core/chat/outbox.ts'
import { createApp, has, type Channel, type ChecksChannels } from '../../../core/index.ts'
import { run, text, type View } from '../../../core/view.ts'
import { whileBusy } from '../../support/busy.ts'
import { createSlack } from '../../../bots/slack/index.ts'
import { manifest, platformedSlack, type PlatformedSlack } from '../../support/slack/platformed.ts'

/** Other tests may keep both processors busy. */
const patience = { timeout: 15_000, interval: 20 }

let all: PlatformedSlack
let ann: string
beforeAll(async () => {
  all = await platformedSlack()
  ;[ann] = all.people
})
afterEach(async () => {
  await all.slack.settled()
  expect(all.slack.takeViolations()).toEqual([])
})
afterAll(() => all.stop())

const room = async () => (await all.channel()).id.split('/')[1]!
const idOf = (channel: string) => ({ platform: 'slack', id: `${all.slack.workspace}/${channel}` })
const send = (channel: string, view: View, key: string, more: object = {}) =>
  all.platform.send(idOf(channel), view, { key, ...more })
const words = (channel: string, as = ann) => all.slack.messages(channel, as).map((message) => message.text)
const missing = (channel: Channel) =>
  has<ChecksChannels>(all.platform, 'missing') ? all.platform.missing(channel) : []
const modalOf = (title: string) =>
  vi.waitFor(() => {
    expect(all.slack.modal(ann)?.title).toBe(title)
    return all.slack.modal(ann)!
  }, patience)
const cardIn = (channel: string) => all.slack.messages(channel, ann)[0]!

describe('a database that does not answer', () => {
  test('is said within the three seconds, and nothing of it is done later', async () => {
    const channel = await room()
    const answer = await whileBusy(all.ctx, () => all.slack.slash(ann, channel, '/autoco', 'link'))
    expect(answer).toMatchObject({ kind: 'ack', body: { text: expect.stringContaining('cannot store') as string } })
    expect(answer.ms).toBeLessThan(2_500)
    await all.slack.slash(ann, channel, '/autoco', 'whoami')
    await all.idle()
    expect(words(channel).join()).not.toContain('Link a wallet')
  })

  test('is said in the modal to who asked outside of any message', async () => {
    await whileBusy(all.ctx, () => all.slack.shortcut(ann, 'open_votes'))
    await vi.waitFor(() => expect(all.slack.modal(ann)?.text).toContain('cannot store'), patience)
    await all.slack.closeModal(ann)
  })

  test('loses nothing of what people say: Slack tells it again', async () => {
    const channel = await room()
    all.slack.limits.retryAfterMs = [0, 50, 50]
    const { telling } = await whileBusy(all.ctx, async () => {
      const said = all.slack.say(ann, channel, 'for the record')
      // Not acknowledged, because it is not stored.
      await vi.waitFor(() => expect(all.slack.violations).toHaveLength(1), { timeout: 10_000 })
      return { telling: said }
    })
    expect(await telling).toMatchObject({ kind: 'ack' })
    await all.idle()
    const rows = await all.ctx.db.selectFrom('inbox').select('key').where('key', 'like', 'slack/Ev%').execute()
    expect(rows).toHaveLength(1)
    expect(new Set(all.slack.takeViolations())).toEqual(new Set(['event message: not acknowledged within 3000 ms']))
  })
})

describe('a command that lacks a word', () => {
  test('opens a modal before anything is stored', async () => {
    const channel = await room()
    const before = await all.ctx.db.selectFrom('inbox').select('key').execute()
    await all.slack.slash(ann, channel, '/autoco', 'ask')
    expect(await modalOf('/ask')).toMatchObject({ submit: 'Send' })
    expect(await all.ctx.db.selectFrom('inbox').select('key').execute()).toEqual(before)
    await all.slack.closeModal(ann)
  })

  test('sets up a digest: DAOs, sections and zone to choose from, the time to type, and what is no good said at its field', async () => {
    const channel = await room()
    await all.slack.slash(ann, channel, '/autoco', 'digest')
    const modal = await modalOf('/digest')
    const { daos, sections, schedule, zone } = Object.fromEntries(modal.fields.map((each) => [each.block_id, each]))
    expect([daos?.type, sections?.type, schedule?.type, zone?.type]).toEqual([
      'multi_external_select',
      'multi_static_select',
      'plain_text_input',
      'external_select',
    ])
    await all.slack.suggest(ann, modal, daos!.action_id, '')
    const { options } = await all.slack.suggest(ann, modal, zone!.action_id, 'berlin')
    expect(options).toEqual([expect.objectContaining({ value: 'Europe/Berlin' })])
    const filled = { daos: ['all'], sections: ['due', 'power'], zone: 'Europe/Berlin' }
    await all.slack.submit(ann, { ...filled, schedule: 'now and then' })
    expect(all.slack.modal(ann)?.fields.find(({ block_id }) => block_id === 'schedule')?.error).toMatch(/now and then/)
    await all.slack.submit(ann, { ...filled, schedule: 'mondays 9:00' })
    expect(all.slack.modal(ann)).toBeUndefined()
    await all.idle()
    expect(words(channel).at(-1)).toMatch(/mondays 9:00[\s\S]*Europe\/Berlin/i)
    const own = all.ctx.db.selectFrom('digest').where('channel', '=', idOf(channel).id)
    expect(await own.select(['channel', 'sections', 'cron', 'zone']).execute()).toEqual([
      { channel: idOf(channel).id, sections: ['due', 'power'], cron: '0 9 * * 1', zone: 'Europe/Berlin' },
    ])
  })
})

describe('a button', () => {
  test('of a card in a thread answers in that thread, to who pressed it', async () => {
    const channel = await room()
    const card = await send(channel, { title: 'Card', body: [text('card')] }, 'slack/card')
    await send(channel, { body: [text('in the thread')], actions: [run('Help', 'help')] }, 'slack/reply', {
      under: card,
    })
    const reply = all.slack.messages(channel, ann).at(-1)!
    await all.slack.click(ann, reply, 'Help')
    await all.idle()
    expect(all.slack.messages(channel, ann).at(-1)).toMatchObject({ ephemeral: true, thread_ts: card.id })
    expect(words(channel, all.people[1]).join()).not.toContain('/proposals')
  })

  test('that lacks a word opens a modal', async () => {
    const channel = await room()
    await send(channel, { body: [text('card')], actions: [run('Ask', 'ask')] }, 'slack/form')
    await all.slack.click(ann, cardIn(channel), 'Ask')
    await modalOf('/ask')
    await all.slack.closeModal(ann)
  })

  test('of a manager’s command is refused to others', async () => {
    const channel = await room()
    const eve = all.slack.addUser('eve')
    await all.slack.invite(channel, eve)
    await send(channel, { body: [text('card')], actions: [run('Log', 'audit-log')] }, 'slack/manager')
    await all.slack.click(eve, cardIn(channel), 'Log')
    await all.idle()
    expect(words(channel, eve).at(-1)).toMatch(/manage/i)
  })
})

describe('somebody', () => {
  test('opens the Home, and reads what waits for them', async () => {
    await all.slack.openHome(ann)
    await vi.waitFor(() => expect(all.slack.home(ann)?.text).toContain('What waits for you'), patience)
    const home = all.slack.home(ann)!
    expect(home.buttons.map(({ label }) => label)).toContain('Link a wallet')
    // The answer of a button outside of any message is a modal.
    await all.slack.click(ann, home, 'Link a wallet')
    await vi.waitFor(() => expect(all.slack.modal(ann)?.text).toContain('Open this page'), patience)
    await all.idle()
    await all.slack.closeModal(ann)
  })

  test('uses the shortcut from anywhere', async () => {
    await all.slack.shortcut(ann, 'open_votes')
    await vi.waitFor(() => expect(all.slack.modal(ann)?.text).toContain('What waits for you'), patience)
    await all.idle()
    await all.slack.closeModal(ann)
  })

  test('calls AutoCo by its name, and is answered there, for their eyes alone', async () => {
    const channel = await room()
    const said = await all.slack.say(ann, channel, `<@${all.slack.botUser()}> proposals`)
    await vi.waitFor(() => expect(all.slack.messages(channel, ann).at(-1)).toMatchObject({ ephemeral: true }), patience)
    expect(words(channel).at(-1)).toMatch(/No DAO is watched|proposals/i)
    expect(said.kind).toBe('ack')
    await all.idle()
  })

  test('says, changes and takes back something: each is heard once', async () => {
    const channel = await room()
    const keys = async () =>
      (await all.ctx.db.selectFrom('inbox').select('key').where('key', 'like', 'slack/Ev%').execute()).length
    const before = await keys()
    const said = await all.slack.say(ann, channel, 'I am for it')
    await all.slack.edit(ann, said, 'I am against it')
    await all.slack.delete(ann, said)
    await all.idle()
    expect((await keys()) - before).toBe(3)
  })
})

describe('“Summarise this thread”', () => {
  test('says what people said and who, with where it stands, to whoever asks alone', async () => {
    const channel = await room()
    const [, bob] = all.people
    const root = await all.slack.say(ann, channel, 'Should the treasury pay 40,000 USDC to the auditors of the bridge?')
    await all.slack.say(bob, channel, 'I am against it, because the bridge will be closed in March anyway.', root.ts)
    const last = await all.slack.say(
      ann,
      channel,
      'The audit is needed before anybody moves funds over the bridge.',
      root.ts,
    )
    await all.slack.messageAction(bob, last, 'summarise')
    await vi.waitFor(() => expect(all.slack.modal(bob)?.text).toContain('What was said in this thread'), patience)
    const modal = all.slack.modal(bob)!
    expect(modal.text).toContain('the bridge will be closed in March anyway')
    expect(modal.text).toContain('no AI model')
    expect(modal.links).toContainEqual(
      expect.objectContaining({ url: expect.stringContaining(`thread_ts=${root.ts}`) as string }),
    )
    expect(words(channel, ann).join()).not.toContain('What was said')
    await all.slack.closeModal(bob)
    await all.idle()
  })

  test('of a thread in which only AutoCo spoke, or where it is not, says so', async () => {
    const channel = await room()
    await send(channel, { body: [text('a card')] }, 'slack/alone')
    await all.slack.messageAction(ann, cardIn(channel), 'summarise')
    await vi.waitFor(
      () => expect(all.slack.modal(ann)?.text).toContain('Nothing yet that could be summarised'),
      patience,
    )
    await all.slack.closeModal(ann)
    const foreign = all.slack.addChannel({ name: 'foreign', bot: false, members: [ann], private: true })
    const said = await all.slack.say(ann, foreign, 'among us')
    await all.slack.messageAction(ann, said, 'summarise')
    await vi.waitFor(() => expect(all.slack.modal(ann)?.text).toContain('/invite @AutoCo'), patience)
    await all.slack.closeModal(ann)
    all.slack.takeViolations()
  })
})

test('a token that is refused for a while takes nothing away: what is watched stays, and the card comes later', async () => {
  const channel = await room()
  const key = 'slack/token'
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
    .values({
      platform: 'slack',
      channel: idOf(channel).id,
      created_by: `@${all.slack.workspace}/${ann}`,
      ...digest,
      ...moments,
    })
    .execute()
  all.slack.fault({ type: 'error', error: 'token_revoked', method: 'chat.postMessage', channel })
  const card = { key, platform: 'slack', channel: idOf(channel).id, view: { body: [text('with the new token')] } }
  await all.ctx.db.transaction().execute((trx) => showCard(trx, all.ctx.queue, card))
  await vi.waitFor(
    async () => {
      await drain(all.ctx, all.platform)
      expect(words(channel)).toEqual(['with the new token'])
    },
    { timeout: 10_000, interval: 100 },
  )
  expect(
    await all.ctx.db.selectFrom('digest').select('channel').where('channel', '=', idOf(channel).id).execute(),
  ).toHaveLength(1)
})

test('a scope that is missing is named: at the start, and to whoever needs it', async () => {
  const { bot } = manifest.oauth_config.scopes
  const own = bot.filter((scope) => !['users:read', 'groups:history'].includes(scope))
  all.slack.setScopes(own)
  const late = createSlack(all.ctx.config)
  await late.start(createApp(all.ctx, [late]))
  expect(late.notes().join()).toMatch(/the scope groups:history is missing[\s\S]*the scope users:read is missing/)
  await late.stop()
  const channel = await room()
  const eve = all.slack.addUser('eve')
  await all.slack.invite(channel, eve)
  await all.slack.slash(eve, channel, '/autoco', 'audit-log')
  await all.idle()
  expect(words(channel, eve).at(-1)).toMatch(/lacks the Slack scope users:read/)
  all.slack.setScopes(bot)
  all.slack.takeViolations()
})

test('watching a channel that AutoCo is not in names what is missing', async () => {
  const channel = all.slack.addChannel({ name: 'closed', bot: false, members: [ann] })
  expect(await missing(idOf(channel))).toEqual([expect.stringContaining('/invite @AutoCo')])
  const old = all.slack.addChannel({ name: 'old', members: [ann], archived: true })
  expect(await missing(idOf(old))).toEqual(['a channel that is not archived'])
})

test('a dropped socket is opened again', async () => {
  const channel = await room()
  all.slack.fault({ type: 'drop' })
  await vi.waitFor(
    async () => expect(await all.slack.slash(ann, channel, '/autoco', 'help')).toMatchObject({ kind: 'ack' }),
    { timeout: 15_000 },
  )
  await all.idle()
  expect(words(channel).at(-1)).toContain('/proposals')
})
