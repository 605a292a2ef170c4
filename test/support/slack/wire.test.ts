import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { missing, recorded } from '../recorded.ts'
import { hasShared } from '../shared.ts'
import { SlackEmulator } from './emulator.ts'
import { listen, type Listener } from './listener.ts'
import { platformedSlack, type PlatformedSlack } from './platformed.ts'
import type { Json } from './state.ts'

/** What depends on the plan of the workspace, or on what else stood in the recorded message. */
const ofThePlan =
  /enterprise|context_team_id|is_ext_shared_channel|event_context|\.blocks|\.elements|client_msg_id|metadata|bot_profile|\.name$|username|message\.|state\.values|view\.state|authorizations|app_installed|response_urls/

const beside = (theirs: unknown, ours: unknown): string[] => missing(theirs, ours).filter((key) => !ofThePlan.test(key))

describe.skipIf(!hasShared)('beside what the real Slack sends', () => {
  let slack: SlackEmulator
  let app: Listener
  let ann: string
  let room: string
  beforeAll(async () => {
    slack = await SlackEmulator.start()
    app = await listen()
    ann = slack.addUser({ name: 'ann', admin: true })
    room = slack.addChannel({ name: 'room', members: [ann] })
    await slack.useRequestUrl(app.url)
  })
  afterEach(() => expect(slack.violations).toEqual([]))
  afterAll(async () => {
    await slack.stop()
    await app.stop()
  })

  const call = async (method: string, args: Json): Promise<Json> => {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${slack.token}` }
    const response = await fetch(`${slack.url}${method}`, { method: 'POST', headers, body: JSON.stringify(args) })
    return (await response.json()) as Json
  }
  const lastForm = (): Json => JSON.parse(app.heard.at(-1)!.fields['payload']!) as Json
  const plain = (text: string) => ({ type: 'plain_text', text, emoji: true })
  const button = { type: 'actions', elements: [{ type: 'button', action_id: 'b', text: plain('b'), value: '1' }] }

  test('a command has the keys of a recorded one', async () => {
    await slack.slash(ann, room, '/autoco', 'x')
    const theirs = recorded('slash-commands-slack.json')
    expect(beside(theirs['slashCommandWithArgs'], app.heard.at(-1)!.fields)).toEqual([])
  })

  test('a pressed button has the keys of a recorded one', async () => {
    const parent = await call('chat.postMessage', { channel: room, text: 'x' })
    const reply = { channel: room, text: 'x', blocks: [button], thread_ts: parent['ts'] }
    const { ts } = await call('chat.postMessage', reply)
    await slack.click(ann, { channel: room, ts: String(ts) }, 'b')
    expect(beside(recorded('channel-slack.json')['channel_post_action'], lastForm())).toEqual([])
  })

  test('a sent modal has the keys of a recorded one', async () => {
    await slack.slash(ann, room, '/autoco', 'x')
    const element = { type: 'plain_text_input', action_id: 'a' }
    const blocks = [{ type: 'input', block_id: 'i', label: plain('l'), element }]
    const view = { type: 'modal', title: plain('t'), submit: plain('s'), blocks }
    await call('views.open', { trigger_id: app.heard.at(-1)!.fields['trigger_id'], view })
    await slack.submit(ann, { a: 'words' })
    expect(beside(recorded('modals-slack.json')['viewSubmission'], lastForm())).toEqual([])
  })

  test('talk, a call of the name and a join have the keys of recorded ones', async () => {
    const heard = (type: string): Json =>
      app.heard.findLast(({ event }) => (event['event'] as Json | undefined)?.['type'] === type)!.event
    await slack.say(ann, room, `<@${slack.botUser()}> hello`)
    await slack.invite(room, slack.botUser(), ann)
    const theirs = recorded('member-joined-channel-slack.json')
    expect(beside(recorded('channel-mention-slack.json')['mention'], heard('message'))).toEqual([])
    expect(beside(theirs['mention'], heard('app_mention'))).toEqual([])
    expect(beside(theirs['memberJoinedChannel'], heard('member_joined_channel'))).toEqual([])
  })
})

describe.skipIf(!hasShared)('what the real Slack once sent', () => {
  let all: PlatformedSlack
  beforeAll(async () => void (all = await platformedSlack('http')))
  afterAll(() => all.stop())

  const files = [
    'actions-reactions',
    'channel-mention',
    'channel',
    'dm',
    'member-joined-channel',
    'modals',
    'slash-commands',
  ]
  test.each(files)('is taken by the bot: %s', async (file) => {
    const kinds = (payload: Json) =>
      payload['command'] ? 'slash_commands' : payload['type'] === 'event_callback' ? 'events_api' : 'interactive'
    const payloads = Object.values(recorded(`${file}-slack.json`)).filter(
      (each) => typeof each === 'object' && ('type' in each || 'command' in each),
    )
    expect(payloads.length).toBeGreaterThan(0)
    for (const payload of payloads) {
      // The address of the answer was blanked in the recording, and nothing may go out to the real one.
      const local =
        'response_url' in payload ? { ...payload, response_url: `${all.slack.origin}/actions/x/x` } : payload
      expect(await all.slack.replay(kinds(local), local)).toMatchObject({ kind: 'ack' })
    }
    await all.idle()
    all.slack.takeViolations()
  })
})
