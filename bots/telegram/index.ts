import { createHmac, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { Api, GrammyError } from 'grammy'
import type { Update, UserFromGetMe } from 'grammy/types'
import {
  createInbox,
  createPace,
  incident,
  pageUrl,
  UserError,
  type Config,
  type ChecksChannels,
  type Platform,
  type ProvesLaunches,
  type Serves,
  type Tells,
} from '../../core/index.ts'
import { poll, wanted } from './hear.ts'
import { verifyLaunch } from './launch.ts'
import { createLines, type Lines } from './lines.ts'
import { problemOf } from './problem.ts'
import { answer, isManager, other, resolve } from './answer.ts'
import type { Parts } from './parts.ts'
import { isForOne, receive, type Other } from './receive.ts'
import { register } from './register.ts'
import { createPosts, placeOf, type Posts } from './send.ts'

type Telegram = Platform & ChecksChannels & ProvesLaunches & Serves & Tells

/** Thirty a second in all, one a second in a chat, twenty a minute in a group; just below. */
const pace = {
  group: { perSecond: 29, burst: 1, window: { count: 29, ms: 1_030 } },
  channel: (chat: string) => (chat.startsWith('-') ? { perSecond: 0.26, burst: 4 } : { perSecond: 1, burst: 4 }),
}
const mostBytes = 1_000_000
const speech = 'the right to send messages: make the bot an admin, or let members write'

/** Telegram by grammY: long polling, or a webhook under `/hooks/telegram/`. */
export function createTelegram(config: Config): Telegram {
  const token = config.TELEGRAM_TOKEN ?? ''
  const isWebhook = config.TELEGRAM_WEBHOOK === 'on'
  const apiRoot = config.TELEGRAM_API_URL.replace(/\/+$/, '')
  const api = new Api(token, { apiRoot, timeoutSeconds: 10 })
  const pollApi = new Api(token, { apiRoot, timeoutSeconds: 60 })
  // Nobody who does not know the token can make it, and the token cannot be told from it.
  const secret = createHmac('sha256', token).update('autoco webhook').digest('base64url')
  let me: UserFromGetMe | undefined
  let lines: Lines | undefined
  let posts: Posts | undefined
  let running: { parts: Parts; stop(): Promise<void> } | undefined
  const about = () => ({ username: me?.username ?? '', hasMainApp: me?.has_main_web_app ?? false })
  const opened = (): Posts => {
    if (!posts) throw new Error('Telegram is not started yet.')
    return posts
  }

  return {
    name: 'telegram',
    async start(app) {
      const { ctx } = app
      me = await identify(api)
      lines = createLines(ctx)
      posts = createPosts(ctx, {
        api,
        lines,
        pace: createPace(pace),
        about,
        isForOne: (line) => isForOne(app, line),
      })
      const inbox = createInbox(app, {
        platform: 'telegram',
        resolve: (happening) => resolve(parts, happening),
        other: (data) => other(parts, data as Other),
        isManager: (call) => isManager({ api }, call),
        answer: (happening, said) => answer(parts, happening, said),
      })
      const parts: Parts = { app, api, inbox, lines, posts, about, bot: me.id, refused: new Set() }
      await register(app, api, me.id)
      const hearing = isWebhook ? await hook() : poll(ctx, pollApi, (update) => receive(parts, update))
      running = {
        parts,
        async stop() {
          await hearing.stop()
          await inbox.stop()
        },
      }
      inbox.start()
    },
    stop: async () => await running?.stop(),
    send: (to, view, sending) => opened().send(to, view, sending),
    edit: (message, view) => opened().edit(message, view),
    async missing({ id }) {
      if (id.startsWith('@')) return []
      try {
        const { chat } = placeOf(id)
        const member = await api.getChatMember(chat, me?.id ?? 0)
        if (member.status === 'left' || member.status === 'kicked') return ['membership of the chat: add the bot to it']
        if (member.status === 'restricted') return member.can_send_messages ? [] : [speech]
        if (member.status !== 'member') return []
        const { type, permissions } = await api.getChat(chat)
        if (type === 'channel') return ['the right to post messages: make the bot an admin of the channel']
        return permissions?.can_send_messages === false ? [speech] : []
      } catch (cause) {
        if (cause instanceof GrammyError && cause.error_code < 429) return ['membership of the chat: add the bot to it']
        throw problemOf(cause)
      }
    },
    launch: (data) => verifyLaunch(token, data, Date.now()),
    startLine: async (startParam) => (await lines?.startOfLink(startParam))?.line ?? 'home',
    serve(request, response) {
      const refuse = (status: number): void => void response.writeHead(status).end()
      const given = Buffer.from(String(request.headers['x-telegram-bot-api-secret-token'] ?? ''))
      const isTelegram = given.length === secret.length && timingSafeEqual(given, Buffer.from(secret))
      if (!isWebhook || !running || request.method !== 'POST' || !isTelegram) return refuse(401)
      const { parts } = running
      readUpdate(request)
        .then((update) => receive(parts, update))
        .then((isStored) => refuse(isStored ? 200 : 503))
        .catch((error: unknown) => {
          incident(parts.app.ctx.log, error)
          // Another delivery would meet the same fault.
          refuse(200)
        })
    },
    notes: () => notesOf(me, isWebhook),
  }

  async function hook(): Promise<{ stop(): Promise<void> }> {
    await api.setWebhook(pageUrl(config, '/hooks/telegram/updates'), {
      secret_token: secret,
      allowed_updates: wanted,
      max_connections: 40,
    })
    return { stop: () => Promise.resolve() }
  }

  async function identify(client: Api): Promise<UserFromGetMe> {
    try {
      const found = await client.getMe()
      if (!isWebhook) await client.deleteWebhook()
      return found
    } catch (cause) {
      if (cause instanceof GrammyError && (cause.error_code === 401 || cause.error_code === 404))
        throw new UserError('Telegram refuses TELEGRAM_TOKEN.', {
          hint: 'Copy the token that @BotFather gave you: /mybots → your bot → API Token.',
          code: 'config',
        })
      throw new UserError('Telegram does not answer.', {
        hint: 'Check the network and TELEGRAM_API_URL.',
        code: 'config',
      })
    }
  }
}

function notesOf(me: UserFromGetMe | undefined, isWebhook: boolean): string[] {
  if (!me) return []
  return [
    `@${me.username}, t.me/${me.username}; hears by ${isWebhook ? 'webhook' : 'long polling'}`,
    ...(me.supports_inline_queries
      ? [
          `type @${me.username} in any chat to share a proposal; the tally keeps running with @BotFather → /setinlinefeedback → Enabled`,
        ]
      : ['inline mode is off: turn it on with @BotFather → /setinline, to share proposals in any chat']),
    ...(me.can_read_all_group_messages
      ? []
      : ['privacy mode is on: in groups I hear commands, mentions and replies to me, and summarise only those']),
    ...(me.has_main_web_app
      ? []
      : ['there is no main Mini App: @BotFather → /newapp, with the address of /app/telegram']),
  ]
}

async function readUpdate(request: IncomingMessage): Promise<Update> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request) {
    size += (chunk as Buffer).length
    if (size > mostBytes) throw new Error('an update of more than a megabyte')
    chunks.push(chunk as Buffer)
  }
  return JSON.parse(Buffer.concat(chunks).toString('utf8')) as Update
}
