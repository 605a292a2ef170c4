import { App as Bolt, HTTPReceiver, LogLevel, SocketModeReceiver, type Logger } from '@slack/bolt'
import {
  countWorkspaces,
  createInbox,
  createPace,
  incident,
  retireChannel,
  type App,
  type Config,
  type Inbox,
  type Platform,
  type ChecksChannels,
  type ProvesAccounts,
  type Serves,
  type Tells,
} from '../../core/index.ts'
import { answer } from './answer.ts'
import { loginBy, loginUrlOf, serveInstall, type Client } from './install.ts'
import { isManager, missingIn } from './member.ts'
import { createPosts, type Posts } from './post.ts'
import { receive, storesEvents } from './receive.ts'
import type { Lost } from './said.ts'
import { threadView, type Asked } from './thread.ts'
import { scopes } from './scopes.ts'
import { clientOptions, createTeams, webClient, type Teams } from './teams.ts'

/** One message a second in a channel with short bursts, “several hundred a minute” in a workspace. */
const pace = { group: { perSecond: 9.8, burst: 20 }, channel: () => ({ perSecond: 1, burst: 3 }) }
/** Edits have a number of their own: tier 3, fifty a minute in a workspace. */
const editPace = { group: { perSecond: 0.8, burst: 15 }, channel: () => ({ perSecond: 1, burst: 3 }) }

type Slack = Platform & ChecksChannels & ProvesAccounts & Serves & Tells

/** Slack by Bolt: over Socket Mode with an app token, else by signed HTTP under `/hooks/slack/events`. */
export function createSlack(config: Config): Slack {
  const http = config.SLACK_APP_TOKEN === undefined ? httpReceiver(config) : undefined
  const client: Client | undefined =
    config.SLACK_CLIENT_ID && config.SLACK_CLIENT_SECRET
      ? { id: config.SLACK_CLIENT_ID, secret: config.SLACK_CLIENT_SECRET }
      : undefined
  const web = webClient(config)
  let running: { app: App; bolt: Bolt; inbox: Inbox; posts: Posts; teams: Teams } | undefined
  let about: string[] = []

  const started = () => {
    if (!running) throw new Error('Slack is not started yet.')
    return running
  }

  return {
    name: 'slack',
    async start(app) {
      const { ctx } = app
      const teams = createTeams(ctx, config)
      const own = await teams.own()
      const clients = async (team: string) => (await teams.of(team)).client
      const inbox = createInbox(app, {
        platform: 'slack',
        answer: (happening, said) => answer(ctx, clients, happening, said),
        async other(data) {
          const told = data as Lost | Asked
          if (told.what === 'lost')
            return await retireChannel(ctx, { platform: 'slack', id: told.channel }, told.reason)
          const view = await threadView(ctx, await clients(told.reply.team), told)
          await answer(ctx, clients, told, { view, audience: 'caller' })
        },
        isManager: ({ caller, channel }) => isManager(clients, caller, channel),
      })
      const logger = quietLogger(app)
      const receiver =
        http ??
        new SocketModeReceiver({
          appToken: config.SLACK_APP_TOKEN ?? '',
          logger,
          installerOptions: { clientOptions: clientOptions(config) },
        })
      const bolt = new Bolt({
        receiver: storesEvents(receiver, inbox),
        authorize: async ({ teamId = '' }) => {
          const { token, bot, botId } = await teams.of(teamId)
          return { botToken: token, botUserId: bot, ...(botId ? { botId } : {}) }
        },
        clientOptions: clientOptions(config),
        logger,
      })
      bolt.error(async (error) => void incident(ctx.log, error))
      receive(bolt, app, inbox, teams)
      running = {
        app,
        bolt,
        inbox,
        posts: createPosts(ctx, clients, { pace: createPace(pace), editPace: createPace(editPace) }),
        teams,
      }
      if (!http) await bolt.start()
      inbox.start()
      about = [
        own
          ? `in the workspace ${own.name}`
          : `in ${await countWorkspaces(ctx, 'slack')} workspaces; to add one: ${config.PUBLIC_URL ?? 'PUBLIC_URL'}/hooks/slack/install`,
        http
          ? `hears at ${config.PUBLIC_URL ?? 'PUBLIC_URL'}/hooks/slack/events`
          : 'hears by Socket Mode: no public address is needed',
        ...scopes
          .filter(({ scope }) => own?.scopes !== undefined && !own.scopes.includes(scope))
          .map(
            ({ scope, why }) =>
              `the scope ${scope} is missing (${why}): add it under OAuth & Permissions and install the app again`,
          ),
        ...(client
          ? []
          : ['SLACK_CLIENT_ID is not set: people prove their account by typing a code instead of logging in']),
      ]
    },
    async stop() {
      if (!http) await running?.bolt.stop()
      await running?.inbox.stop()
    },
    send: (to, view, sending) => started().posts.send(to, view, sending),
    edit: (message, view) => started().posts.edit(message, view),
    missing: (channel) => missingIn(async (team) => (await started().teams.of(team)).client, channel),
    loginUrl: (params) => (client ? loginUrlOf(client, config.SLACK_API_URL, params) : undefined),
    login: ({ code, redirectUri }) =>
      loginBy(client ?? { id: '', secret: '' }, {
        web,
        userWeb: (token) => webClient(config, token),
        code,
        redirectUri,
      }),
    serve(request, response) {
      const path = (request.url ?? '').split('?')[0]
      const isInstall = path === '/hooks/slack/install' || path === '/hooks/slack/oauth'
      if (client && running && isInstall) {
        const { ctx } = running.app
        serveInstall(ctx, { client, web, apiUrl: config.SLACK_API_URL, request, response }).catch((error: unknown) => {
          const id = incident(ctx.log, error)
          response.writeHead(502, { 'content-type': 'text/plain' }).end(`Slack did not agree. Incident ${id}.\n`)
        })
      } else if (http && path === '/hooks/slack/events') http.requestListener(request, response)
      else response.writeHead(404, { 'content-type': 'text/plain' }).end('Nothing listens here.\n')
    },
    notes: () => about,
  }
}

const httpReceiver = (config: Config): HTTPReceiver =>
  new HTTPReceiver({
    signingSecret: config.SLACK_SIGNING_SECRET ?? '',
    endpoints: '/hooks/slack/events',
    logLevel: LogLevel.ERROR,
  })

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
