import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { vi } from 'vitest'
import { createSlack } from '../../../bots/slack/index.ts'
import { createApp, type App, type Channel } from '../../../core/index.ts'
import type { Platformed, Shown } from '../platform-contract.ts'
import { linkWorld, type LinkWorld } from '../linking.ts'
import { SlackEmulator } from './emulator.ts'
import { plainManifest } from './manifest.ts'
import type { Seen } from './reading.ts'

export const manifest = {
  ...plainManifest,
  features: {
    ...plainManifest.features,
    shortcuts: [
      { name: 'Open votes', type: 'global' as const, callback_id: 'open_votes' },
      { name: 'Summarise this thread', type: 'message' as const, callback_id: 'summarise' },
    ],
  },
  oauth_config: { ...plainManifest.oauth_config, redirect_urls: ['https://vote.example.org/'] },
}

export type PlatformedSlack = Platformed & {
  slack: SlackEmulator
  world: LinkWorld
  app: App
  idle(): Promise<void>
  address: string
}

/** Slack as the contract of a platform drives it: the real Bolt in an emulated workspace, over either transport. */
export async function platformedSlack(
  transport: 'socket' | 'http' = 'socket',
  more: Record<string, string> = {},
): Promise<PlatformedSlack> {
  const slack = await SlackEmulator.start({ manifest, limits: { postsPerSecond: 100, postBurst: 100 } })
  const settings = {
    PUBLIC_URL: 'https://vote.example.org',
    SLACK_API_URL: slack.url,
    SLACK_BOT_TOKEN: slack.token,
    ...(transport === 'socket' ? { SLACK_APP_TOKEN: slack.appToken } : { SLACK_SIGNING_SECRET: slack.signingSecret }),
    SLACK_CLIENT_ID: slack.clientId,
    SLACK_CLIENT_SECRET: slack.clientSecret,
    SECRETS_KEY: 'ab'.repeat(32),
    ...more,
  }
  const world = await linkWorld(settings)
  const { ctx } = world
  const platform = createSlack(ctx.config)
  const app = createApp(ctx, [platform])
  await platform.start(app)
  const server = http.createServer((request, response) => platform.serve(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  if (transport === 'http' && !(await slack.useRequestUrl(`http://127.0.0.1:${port}/hooks/slack/events`)))
    throw new Error('Slack does not take the address')
  const people = [slack.addUser({ name: 'ann', admin: true }), slack.addUser({ name: 'bob', admin: true })] as const
  const team = slack.workspace
  const seen = new Map<string, Promise<{ form?: string[] }>>()
  let channels = 0

  const idle = () =>
    vi.waitFor(
      async () => {
        const rows = await ctx.db.selectFrom('inbox').select('key').where('done_at', 'is', null).execute()
        if (rows.length > 0) throw new Error(`${rows.length} are not done`)
      },
      { timeout: 10_000, interval: 10 },
    )
  const ask = async (user: string, channel: string, line: string): Promise<{ form?: string[] }> => {
    const isForm = formOf(line)
    // Slack tells what it is not sure to have told again.
    if (!isForm) slack.fault({ type: 'duplicate' })
    await slack.slash(user, channel, '/autoco', line)
    if (!isForm) {
      await slack.settled()
      await idle()
      return {}
    }
    const modal = await vi.waitFor(() => {
      const open = slack.modal(user)
      if (!open) throw new Error('no modal is open')
      return open
    })
    await slack.closeModal(user, true)
    return { form: modal.fields.map(({ block_id }) => block_id) }
  }
  const formOf = (line: string): boolean => {
    try {
      return app.parse(line).status === 'form'
    } catch {
      return false
    }
  }

  const postIn = (channel: Channel) => ({
    method: 'chat.postMessage',
    channel: channel.id.startsWith('@') ? slack.directOf(channelId(channel)) : channelId(channel),
  })

  return {
    slack,
    world,
    app,
    idle,
    address: `http://127.0.0.1:${port}`,
    platform,
    ctx,
    people,
    channel() {
      const id = slack.addChannel({ name: `room-${channels++}`, members: [...people] })
      return Promise.resolve({ platform: 'slack', id: `${team}/${id}` })
    },
    privateChannel: (user) => Promise.resolve({ platform: 'slack', id: `@${team}/${user}` }),
    async shown(channel, as) {
      if (channel.id.startsWith('@') && channel.id !== `@${team}/${as}`) throw new Error('that is not theirs to see')
      const id = channel.id.startsWith('@') ? slack.directOf(channel.id.split('/')[1] ?? '') : channelId(channel)
      return slack.messages(id, as).map(shownOf)
    },
    type({ user, channel, line, event }) {
      const earlier = seen.get(event)
      const done = earlier ?? ask(user, channelId(channel), line)
      seen.set(event, done)
      return done
    },
    removeChannel: async (channel) => void (await slack.deleteChannel(channelId(channel), people[0])),
    removeMessage: async ({ channel, id }) => {
      await slack.delete(people[0], { channel: channel.split('/')[1] ?? '', ts: id })
    },
    async silentPerson() {
      const user = slack.addUser('silent')
      const room = slack.addChannel({ name: 'elsewhere', members: [user] })
      slack.fault({ type: 'error', error: 'user_disabled', method: 'conversations.open' })
      return { id: `${team}/${user}`, ask: () => slack.slash(user, room, '/autoco', 'help') }
    },
    faults: {
      fail: (channel) => slack.fault({ type: 'status', status: 503, ...postIn(channel) }),
      cut: (channel) => slack.fault({ type: 'cut', when: 'after', ...postIn(channel) }),
      wait: (channel, seconds) => slack.fault({ type: 'ratelimit', seconds, ...postIn(channel) }),
      close: (channel) =>
        channel.id.startsWith('@')
          ? slack.fault({ type: 'error', error: 'user_disabled', ...postIn(channel) })
          : slack.restrict(channelId(channel)),
      leave: (channel) => slack.kick(channelId(channel), people[0]),
      finds: true,
    },
    async stop() {
      await platform.stop()
      await new Promise((resolve) => server.close(resolve))
      await slack.stop()
      await world.stop()
      // The contract itself edits a message that was deleted and writes to a channel that was or is closed.
      const breaches = slack.violations.filter(
        (breach) => !/: (?:message_not_found|channel_not_found|restricted_action)$/.test(breach),
      )
      if (breaches.length > 0) throw new Error(breaches.join('\n'))
    },
  }
}

const channelId = ({ id }: Channel): string => id.split('/')[1] ?? ''

export const shownOf = ({ ts, thread_ts, text, links, buttons, pings, previews, styles }: Seen): Shown => ({
  id: ts,
  thread: thread_ts === ts ? undefined : thread_ts,
  words: text,
  links: [...links.map(({ url }) => url), ...buttons.flatMap(({ url }) => url ?? [])],
  buttons: buttons.flatMap(({ value }) => value ?? []),
  active: [
    ...pings.map((ping) => `ping ${ping}`),
    ...previews.map((url) => `preview ${url}`),
    // Bold and code are ours; everything else would be a stranger's.
    ...styles.flatMap(({ style, text: words }) =>
      ['bold', 'code', 'italic'].includes(style) ? [] : [`${style} ${words}`],
    ),
    ...links.flatMap(({ bare, url }) => (bare ? [`address ${url}`] : [])),
  ],
})
