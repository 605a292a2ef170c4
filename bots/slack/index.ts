import { HTTPReceiver, SocketModeReceiver, App as Bolt, LogLevel, webApi, type Logger } from '@slack/bolt'
import {
  createInbox,
  UserError,
  type App,
  type Channel,
  type ChecksChannels,
  type Config,
  type Inbox,
  type Platform,
  type Serves,
  type Tells,
} from '../../core/index.ts'
import { answer } from './answer.ts'
import { createPace } from './pace.ts'
import { createPosts, placeOf, type Posts } from './post.ts'
import { problemOf, type SlackFault } from './problem.ts'
import { receive, storesEvents } from './receive.ts'

type Settings = Pick<
  Config,
  'SLACK_API_URL' | 'SLACK_APP_TOKEN' | 'SLACK_BOT_TOKEN' | 'SLACK_SIGNING_SECRET' | 'PUBLIC_URL'
>

/** Slack by Bolt: over Socket Mode with an app token, else by signed HTTP under `/hooks/slack/events`. */
export function createSlack(config: Settings): Platform & ChecksChannels & Serves & Tells {
  const options = { slackApiUrl: config.SLACK_API_URL, retryConfig: { retries: 0 }, rejectRateLimitedCalls: true }
  const client = new webApi.WebClient(config.SLACK_BOT_TOKEN, options)
  const clients = async () => client
  const http = config.SLACK_APP_TOKEN === undefined ? httpReceiver(config) : undefined
  let bolt: Bolt | undefined
  let inbox: Inbox | undefined
  let posts: Posts | undefined
  let about = ''

  const opened = (): Posts => {
    if (!posts) throw new Error('Slack is not started yet.')
    return posts
  }

  return {
    name: 'slack',
    async start(app) {
      const { ctx } = app
      const me = await identify(client)
      about = `@${me.name} in ${me.team}`
      posts = createPosts(ctx, clients, createPace())
      inbox = createInbox(app, {
        platform: 'slack',
        answer: (happening, said) => answer(ctx, clients, happening, said),
        isManager: ({ caller, channel }) => isManager(client, caller.user, channel),
      })
      const logger = quietLogger(app)
      const receiver =
        http ??
        new SocketModeReceiver({
          appToken: config.SLACK_APP_TOKEN ?? '',
          logger,
          installerOptions: { clientOptions: options },
        })
      bolt = new Bolt({
        receiver: storesEvents(receiver, inbox),
        authorize: async () => ({ botToken: config.SLACK_BOT_TOKEN ?? '', botId: me.botId, botUserId: me.userId }),
        clientOptions: options,
        logger,
      })
      bolt.error(async (error) => ctx.log.error({ error }, 'slack'))
      receive(bolt, app, inbox, clients)
      if (!http) await bolt.start()
      inbox.start()
    },
    async stop() {
      if (!http) await bolt?.stop()
      await inbox?.stop()
    },
    send: (to, view, sending) => opened().send(to, view, sending),
    edit: (message, view) => opened().edit(message, view),
    async missing({ id }) {
      if (id.startsWith('@')) return []
      try {
        const { channel } = await client.conversations.info({ channel: placeOf(id).channel })
        if (channel?.is_archived) return ['a channel that is not archived']
        return channel?.is_member ? [] : ['membership of the channel: type /invite @AutoCo there']
      } catch (cause) {
        const { data } = cause as SlackFault
        if (data?.error === 'channel_not_found') return ['membership of the channel: type /invite @AutoCo there']
        throw problemOf(cause)
      }
    },
    serve(request, response) {
      if (http) http.requestListener(request, response)
      else response.writeHead(404).end()
    },
    notes: () => [
      about,
      http
        ? `Requests come to ${config.PUBLIC_URL ?? 'this server'}/hooks/slack/events`
        : 'Requests come by Socket Mode: no public address is needed',
    ],
  }
}

function httpReceiver(config: Settings): HTTPReceiver {
  return new HTTPReceiver({ signingSecret: config.SLACK_SIGNING_SECRET ?? '', endpoints: '/hooks/slack/events' })
}

/** A wrong token stops the start; a Slack that does not answer is waited for by whoever starts us again. */
async function identify(
  client: webApi.WebClient,
): Promise<{ name: string; team: string; botId: string; userId: string }> {
  try {
    const { user = '', team = '', bot_id: botId = '', user_id: userId = '' } = await client.auth.test()
    return { name: user, team, botId, userId }
  } catch (cause) {
    const { data } = cause as SlackFault
    if (data?.error !== undefined)
      throw new UserError(`Slack refuses SLACK_BOT_TOKEN (${data.error}).`, {
        hint: 'Copy the Bot User OAuth Token (xoxb-…) from your app: api.slack.com/apps → OAuth & Permissions.',
        code: 'config',
        cause,
      })
    throw new UserError('Slack does not answer.', { hint: 'Check the network and SLACK_API_URL.', cause })
  }
}

/** Who runs the workspace or made the channel; in a private conversation everybody is their own. */
async function isManager(client: webApi.WebClient, user: string, { id }: Channel): Promise<boolean> {
  if (id.startsWith('@') || placeOf(id).channel.startsWith('D')) return true
  const { user: about } = await client.users.info({ user })
  if (about?.is_admin || about?.is_owner) return true
  const { channel } = await client.conversations.info({ channel: placeOf(id).channel })
  return channel?.creator === user
}

/** Bolt's own words go to our log, where secrets are blanked. */
function quietLogger({ ctx }: App): Logger {
  const words = (parts: unknown[]) => parts.map((part) => (typeof part === 'string' ? part : '')).join(' ')
  return {
    debug: () => {},
    info: () => {},
    warn: (...parts) => ctx.log.warn({ from: 'bolt' }, words(parts)),
    error: (...parts) =>
      ctx.log.error({ from: 'bolt', error: parts.find((part) => part instanceof Error) }, words(parts)),
    setLevel: () => {},
    getLevel: () => LogLevel.WARN,
    setName: () => {},
  }
}
