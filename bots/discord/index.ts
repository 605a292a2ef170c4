import {
  GatewayDispatchEvents,
  GatewayIntentBits,
  Routes,
  type APIApplication,
  type APIUser,
  type GatewayDispatchPayload,
} from 'discord.js'
import {
  createInbox,
  incident,
  retireChannel,
  UserError,
  type App,
  type AsksFirst,
  type ChecksChannels,
  type Config,
  type GivesRoles,
  type Inbox,
  type Platform,
  type ProvesAccounts,
  type Tells,
} from '../../core/index.ts'
import { createApi, Refused, type Api } from './api.ts'
import { createFollowUps } from './follow-up.ts'
import { connect, Disallowed, type Gateway } from './gateway.ts'
import { createLines } from './lines.ts'
import { loginBy, loginUrlOf } from './login.ts'
import { answerCall, receive, type Reply } from './receive.ts'
import { registerCommands } from './register.ts'
import { createPlaces, type Places } from './places.ts'
import { invitePermissions, missingIn, rolesOf } from './rights.ts'
import { locate, saidIn } from './said.ts'
import { createPosts, type Posts } from './send.ts'

type Discord = Platform & AsksFirst & ChecksChannels & ProvesAccounts & GivesRoles & Tells

/** Just below Discord's fifty a second, so that no answer to a person has to wait for a card. */
const perSecond = 48
const plainIntents = GatewayIntentBits.Guilds
const hearing = GatewayIntentBits.GuildMessages | GatewayIntentBits.MessageContent

/** Discord: the gateway and the REST client of discord.js. */
export function createDiscord(config: Config): Discord {
  const token = config.DISCORD_TOKEN ?? ''
  const api = createApi({ url: config.DISCORD_API_URL, token, perSecond })
  let gateway: Gateway | undefined
  let inbox: Inbox | undefined
  let posts: Posts | undefined
  let self = ''
  const notes: string[] = []
  const opened = (): Posts => {
    if (!posts) throw new Error('Discord is not started yet.')
    return posts
  }

  return {
    name: 'discord',
    asksFirst: true,
    async start(app) {
      const { ctx } = app
      const me = await identify(api)
      self = me.user.id
      const lines = createLines(app)
      const places = createPlaces(api)
      const followUps = createFollowUps(ctx, api)
      posts = createPosts(app, { api, lines, followUps, places })
      const options = { explorerUrl: ctx.chain.explorerUrl, idOf: (line: string) => lines.idOf(line) }
      const mailbox = createInbox(app, {
        platform: 'discord',
        locate: (channel) => locate(places, channel),
        async resolve({ call }) {
          const line = await lines.lineOf(call.line)
          return line === undefined ? undefined : { ...call, line }
        },
        async answer(happening, said) {
          const { application, token: reply } = happening.reply as Reply
          await followUps.open(happening.call.caller.user, { application, token: reply })
          await answerCall(app, { api, lines, options }, happening, said)
        },
      })
      inbox = mailbox
      await registerCommands(app, api, me.application.id)
      const hear = (event: GatewayDispatchPayload): void => {
        hearEvent(app, { api, inbox: mailbox, places }, event).catch((error: unknown) => void incident(ctx.log, error))
      }
      const wanted = config.DISCORD_MESSAGES === 'on' ? plainIntents | hearing : plainIntents
      gateway = await connect(ctx, { api, token, intents: wanted, hear }).catch(async (error: unknown) => {
        if (!(error instanceof Disallowed)) throw error
        notes.push(
          'The Message Content intent is off in the Developer Portal (Bot → Privileged Gateway Intents): I cannot summarise discussions here',
        )
        return await connect(ctx, { api, token, intents: plainIntents, hear })
      })
      mailbox.start()
      notes.unshift(`logged in as ${me.user.username}; to invite it: ${inviteUrl(me.application.id)}`)
      if (config.DISCORD_MESSAGES === 'off')
        notes.push('DISCORD_MESSAGES is off: what people say in threads is not heard, so it is not summarised')
      if (config.DISCORD_CLIENT_SECRET === undefined)
        notes.push(
          'DISCORD_CLIENT_SECRET is not set: people prove their account by typing a code instead of logging in',
        )
    },
    async stop() {
      await gateway?.stop()
      await inbox?.stop()
    },
    send: (to, view, sending) => opened().send(to, view, sending),
    edit: (message, view) => opened().edit(message, view),
    missing: (channel) => missingIn(api, self, channel),
    ...rolesOf(() => api),
    loginUrl: (params) =>
      config.DISCORD_CLIENT_SECRET === undefined
        ? undefined
        : loginUrlOf({ id: applicationOf(token), apiUrl: config.DISCORD_API_URL }, params),
    login: (params) =>
      loginBy(
        { id: applicationOf(token), secret: config.DISCORD_CLIENT_SECRET ?? '', apiUrl: config.DISCORD_API_URL },
        params,
      ),
    notes: () => notes,
  }
}

/** One event: an interaction is answered at once, what people say is stored; nobody waits for the other. */
async function hearEvent(
  app: App,
  parts: { api: Api; inbox: Inbox; places: Places },
  event: GatewayDispatchPayload,
): Promise<void> {
  parts.places.hear(event)
  if (event.t === GatewayDispatchEvents.ChannelDelete)
    return await retireChannel(app.ctx, { platform: 'discord', id: event.d.id }, 'the channel was deleted')
  if (event.t === GatewayDispatchEvents.InteractionCreate) return await receive(app, parts, event.d)
  await Promise.all(
    saidIn(event).map(async (happening) => {
      if ((await parts.inbox.take(happening)) === 'new') await parts.inbox.work(happening)
    }),
  )
}

async function identify(api: Api): Promise<{ user: APIUser; application: Pick<APIApplication, 'id'> }> {
  try {
    const [user, application] = await Promise.all([
      api.call<APIUser>('GET', Routes.user()),
      api.call<APIApplication>('GET', Routes.currentApplication()),
    ])
    return { user, application }
  } catch (cause) {
    if (cause instanceof Refused && cause.status === 401)
      throw new UserError('Discord refuses DISCORD_TOKEN.', {
        hint: 'Copy it from discord.com/developers → your application → Bot → Reset Token.',
        code: 'config',
        cause,
      })
    throw new UserError('Discord does not answer.', {
      hint: 'Check the network and DISCORD_API_URL.',
      code: 'config',
      cause,
    })
  }
}

/** A bot token begins with the number of its application. */
const applicationOf = (token: string): string => Buffer.from(token.split('.')[0] ?? '', 'base64').toString('utf8')

const inviteUrl = (application: string): string =>
  `https://discord.com/oauth2/authorize?${new URLSearchParams({
    client_id: application,
    scope: 'bot applications.commands',
    permissions: invitePermissions.toString(),
  })}`
