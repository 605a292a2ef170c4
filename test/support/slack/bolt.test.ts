import { App, type SlackViewAction } from '@slack/bolt'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { SlackEmulator } from './emulator.ts'
import { plainManifest } from './manifest.ts'

const manifest = {
  ...plainManifest,
  features: {
    ...plainManifest.features,
    shortcuts: [
      { name: 'Votes', type: 'global' as const, callback_id: 'votes' },
      { name: 'Summarise', type: 'message' as const, callback_id: 'summarise' },
    ],
  },
}

const plain = (text: string) => ({ type: 'plain_text' as const, text })
const card = [
  { type: 'section' as const, text: { type: 'mrkdwn' as const, text: '*Proposal* <https://dao.example|page>' } },
  {
    type: 'actions' as const,
    block_id: 'vote',
    elements: [
      { type: 'button' as const, action_id: 'for', text: plain('For'), value: '1' },
      { type: 'button' as const, action_id: 'why', text: plain('Why'), value: '2' },
      {
        type: 'static_select' as const,
        action_id: 'pick',
        options: [
          { text: plain('One'), value: 'one' },
          { text: plain('Two'), value: 'two' },
        ],
      },
    ],
  },
]
const modal = (title: string) => ({
  type: 'modal' as const,
  callback_id: 'reason',
  title: plain(title),
  submit: plain('Send'),
  notify_on_close: true,
  blocks: [
    {
      type: 'input' as const,
      block_id: 'reason',
      label: plain('Reason'),
      element: { type: 'plain_text_input' as const, action_id: 'text' },
    },
    {
      type: 'input' as const,
      block_id: 'dao',
      optional: true,
      label: plain('DAO'),
      element: { type: 'external_select' as const, action_id: 'dao', min_query_length: 1 },
    },
  ],
})

/** Other tests may keep both processors busy. */
const patience = { timeout: 15_000 }

describe.each(['Socket Mode', 'signed HTTP'])('a real Bolt app over %s', (transport) => {
  let slack: SlackEmulator
  let app: App
  let ann: string
  let gov: string
  const heard: string[] = []

  beforeAll(async () => {
    slack = await SlackEmulator.start({ manifest, limits: { postsPerSecond: 50, postBurst: 50 } })
    ann = slack.addUser('ann')
    gov = slack.addChannel({ name: 'gov', members: [ann] })
    app = appOf(transport, slack)
    app.command('/autoco', async ({ ack, client, command, respond }) => {
      if (command.text === 'late') return
      if (command.text === 'form')
        await client.views.open({ trigger_id: command.trigger_id, view: modal('Your reason') })
      await ack(command.text === 'form' ? undefined : `got ${command.text}`)
      if (command.text !== 'card') return
      await client.chat.postMessage({
        channel: gov,
        text: 'Proposal',
        blocks: card,
        unfurl_links: false,
        unfurl_media: false,
      })
      await respond({ text: 'posted', response_type: 'ephemeral' })
    })
    app.action('for', async ({ ack, respond }) => {
      await ack()
      await respond({ replace_original: true, text: 'voted' })
    })
    app.action('pick', async ({ ack, action, client }) => {
      await ack()
      const chosen = action.type === 'static_select' ? action.selected_option.value : ''
      await client.chat.postEphemeral({ channel: gov, user: ann, text: `picked ${chosen}` })
    })
    app.options('dao', async ({ ack, options }) => {
      await ack({ options: [{ text: plain(`${options.value}-dao`), value: options.value }] })
    })
    app.view('reason', async ({ ack, view }) => {
      const text = view.state.values['reason']?.['text']?.value ?? ''
      if (text === 'no') await ack({ response_action: 'errors', errors: { reason: 'say more' } })
      else if (text === 'next') await ack({ response_action: 'update', view: modal('Once more') })
      else if (text === 'over') await ack({ response_action: 'push', view: modal('Above') })
      else if (text === 'all') await ack({ response_action: 'clear' })
      else await ack()
      heard.push(`reason ${text} ${view.state.values['dao']?.['dao']?.selected_option?.value ?? '-'}`)
    })
    app.view<SlackViewAction>({ callback_id: 'reason', type: 'view_closed' }, async ({ ack }) => {
      await ack()
      heard.push('closed')
    })
    app.shortcut('votes', async ({ ack, client, shortcut }) => {
      await client.views.open({ trigger_id: shortcut.trigger_id, view: modal('Votes') })
      await ack()
    })
    app.shortcut('summarise', async ({ ack, shortcut }) => {
      await ack()
      if (shortcut.type === 'message_action') heard.push(`summarise ${String(shortcut.message['text'])}`)
    })
    app.event('app_home_opened', async ({ event, client }) => {
      await client.views.publish({ user_id: event.user, view: { type: 'home', blocks: card } })
    })
    app.event('app_mention', async ({ event }) => void heard.push(`mention ${event.text}`))
    app.event('message', async ({ event }) => {
      heard.push(['message', event.subtype, 'text' in event ? event.text : ''].filter(Boolean).join(' '))
    })
    await start(transport, app, slack)
  })
  afterAll(async () => {
    await app.stop()
    await slack.stop()
  })
  afterEach(() => void heard.splice(0))

  const seen = async (text: string) =>
    vi.waitFor(() => slack.messages(gov, ann).find((each) => each.text.includes(text))!, patience)
  const said = (text: string) => vi.waitFor(() => expect(heard).toContain(text), patience)

  it('answers a command, posts a card, and lets its buttons be pressed', async () => {
    const answer = await slack.slash(ann, gov, '/autoco', 'card')
    expect(answer).toMatchObject({ kind: 'ack', attempts: 1, body: { text: 'got card' } })
    const first = await vi.waitFor(() => {
      const found = slack.messages(gov, ann).find((each) => each.buttons.length > 0)
      expect(found).toBeDefined()
      return found!
    }, patience)
    expect(first).toMatchObject({
      text: 'Proposal page',
      links: [{ text: 'page', url: 'https://dao.example' }],
      buttons: [
        { action_id: 'for', label: 'For', value: '1' },
        { action_id: 'why', label: 'Why', value: '2' },
      ],
      previews: [],
      active: [],
    })
    await expect(slack.click(ann, first, 'against')).rejects.toThrow('there is no button against')
    expect(await slack.select(ann, first, 'pick', 'two')).toMatchObject({ kind: 'ack' })
    await vi.waitFor(
      () => expect(slack.messages(gov, ann).at(-1)).toMatchObject({ text: 'picked two', ephemeral: true }),
      patience,
    )
    expect(await slack.click(ann, first, 'For')).toMatchObject({ kind: 'ack' })
    await vi.waitFor(
      () => expect(slack.messages(gov, ann).find((each) => each.ts === first.ts)!.text).toBe('voted'),
      patience,
    )
    const eve = slack.addUser('eve')
    expect(slack.messages(gov, eve).map((each) => each.text)).toEqual(['voted'])
    expect(slack.violations).toEqual([])
  })

  it('shows errors in a modal, changes it, stacks it, and closes it', async () => {
    expect(await slack.slash(ann, gov, '/autoco', 'form')).toMatchObject({ kind: 'ack' })
    const form = slack.modal(ann)!
    expect(form).toMatchObject({ title: 'Your reason', submit: 'Send', callback_id: 'reason' })
    await expect(slack.submit(ann, {})).rejects.toThrow('"Reason" must be filled in')
    await slack.submit(ann, { Reason: 'no' })
    expect(slack.modal(ann)!.fields[0]).toMatchObject({ label: 'Reason', error: 'say more' })
    const { options } = await slack.suggest(ann, form, 'dao', 'ens')
    expect(options).toEqual([{ text: plain('ens-dao'), value: 'ens' }])
    await slack.submit(ann, { reason: 'next', dao: 'ens' })
    await said('reason next ens')
    expect(slack.modal(ann)!.title).toBe('Once more')
    await slack.submit(ann, { reason: 'over' })
    expect(slack.modal(ann)!.title).toBe('Above')
    await slack.closeModal(ann)
    await said('closed')
    expect(slack.modal(ann)!.title).toBe('Once more')
    await slack.submit(ann, { reason: 'all' })
    expect(slack.modal(ann)).toBeUndefined()
    expect(slack.violations).toEqual([])
  })

  it('opens by a shortcut, summarises by a message action, and shows the home', async () => {
    expect(await slack.shortcut(ann, 'votes')).toMatchObject({ kind: 'ack' })
    expect(slack.modal(ann)!.title).toBe('Votes')
    await slack.closeModal(ann)
    await expect(slack.shortcut(ann, 'other')).rejects.toThrow('no global shortcut other')
    const about = await slack.say(ann, gov, 'what a day')
    await slack.messageAction(ann, about, 'summarise')
    await said('summarise what a day')
    expect(await slack.openHome(ann)).toMatchObject({ kind: 'ack' })
    await vi.waitFor(() => expect(slack.home(ann)!.buttons.map((each) => each.label)).toEqual(['For', 'Why']), patience)
    expect(await slack.select(ann, slack.home(ann)!, 'pick', 'one')).toMatchObject({ kind: 'ack' })
    await seen('picked one')
    expect(slack.violations).toEqual([])
  })

  it('hears what is said, changed and deleted, and its own name', async () => {
    const message = await slack.say(ann, gov, `<@${slack.botUser()}> a < b`)
    await said(`message <@${slack.botUser()}> a &lt; b`)
    await said(`mention <@${slack.botUser()}> a &lt; b`)
    const reply = await slack.say(ann, gov, 'in the thread', message.ts)
    expect(slack.messages(gov, ann).find((each) => each.ts === reply.ts)).toMatchObject({ thread_ts: message.ts })
    await slack.edit(ann, reply, 'changed')
    await said('message message_changed')
    await slack.delete(ann, reply)
    await said('message message_deleted')
    expect(slack.violations).toEqual([])
  })

  it('is caught when it does not answer within the limit', async () => {
    slack.limits.ackMs = 300
    expect(await slack.slash(ann, gov, '/autoco', 'late')).toMatchObject({ kind: 'none', attempts: 1 })
    slack.limits.ackMs = 3_000
    expect(slack.takeViolations()).toEqual(['/autoco: not acknowledged within 300 ms'])
  })
})

function appOf(transport: string, slack: SlackEmulator): App {
  const clientOptions = { slackApiUrl: slack.url, retryConfig: { retries: 0 } }
  const token = slack.token
  if (transport === 'Socket Mode') return new App({ token, appToken: slack.appToken, socketMode: true, clientOptions })
  return new App({ token, signingSecret: slack.signingSecret, clientOptions })
}

async function start(transport: string, app: App, slack: SlackEmulator): Promise<void> {
  if (transport === 'Socket Mode') {
    await app.start()
    return
  }
  const server = await app.start({ port: 0, host: '127.0.0.1' })
  const { port } = server.address() as { port: number }
  expect(await slack.useRequestUrl(`http://127.0.0.1:${port}/slack/events`)).toBe(true)
}
