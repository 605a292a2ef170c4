import type { Api } from 'grammy'
import type { InlineKeyboardButton } from 'grammy/types'
import {
  GoneError,
  moveChannel,
  note,
  RetryableError,
  type Channel,
  type Config,
  type Context,
  type MessageRef,
  type Pace,
  type View,
} from '../../core/index.ts'
import type { Lines } from './lines.ts'
import { isUnchanged, movedTo, problemOf } from './problem.ts'
import { renderView } from './render.ts'

type Sending = { key?: string; under?: MessageRef | undefined; maybeSent?: boolean; reply?: number | undefined }
export type Posts = {
  send(to: Channel, view: View, sending: Sending): Promise<MessageRef>
  edit(message: MessageRef, view: View): Promise<void>
  draw(view: View, place: 'private' | 'group' | 'inline'): Promise<Drawn>
}
export type Drawn = Pick<ReturnType<typeof renderView>, 'text' | 'entities'> & {
  reply_markup?: { inline_keyboard: InlineKeyboardButton[][] }
  link_preview_options: { is_disabled: true }
}
export type About = { username: string; hasMainApp: boolean }

const dayMs = 86_400_000

/** `@user`, `chat`, `chat/topic` or `inline/id`. */
export function placeOf(id: string): { chat: number; topic: number | undefined } {
  const [chat = '', topic] = id.replace(/^@/, '').split('/')
  return { chat: Number(chat), topic: topic === undefined ? undefined : Number(topic) }
}

/** Posting and editing. Telegram keeps no names of messages and no history for bots: what was sent is remembered here. */
export function createPosts(
  ctx: Pick<Context, 'kv' | 'chain' | 'config' | 'db' | 'log'>,
  parts: { api: Api; lines: Lines; pace: Pace; about: () => About; isForOne: (line: string) => boolean },
): Posts {
  const { api, lines, pace, about, isForOne } = parts
  const hasPages = ctx.config.PUBLIC_URL?.startsWith('https://') === true
  const sent = ctx.kv('telegram-sent')

  const draw: Posts['draw'] = async (view, place) => {
    const openBy = (text: string, url: string) =>
      openButton(text, url, { place, about: about(), lines, config: ctx.config })
    const { text, entities, keyboard } = renderView(view, {
      explorerUrl: ctx.chain.explorerUrl,
      dataOf: lines.dataOf,
      openBy,
      // In a group one press opens the Mini App, and there the page to sign on.
      linkOf: (line) =>
        place !== 'private' && hasPages && about().hasMainApp && isForOne(line)
          ? `https://t.me/${about().username}?startapp=${lines.startOf(line)}`
          : undefined,
    })
    await lines.keep()
    return {
      text,
      entities,
      ...(keyboard.length > 0 ? { reply_markup: { inline_keyboard: keyboard } } : {}),
      link_preview_options: { is_disabled: true },
    }
  }

  async function call<T>(chat: number, run: () => Promise<T>): Promise<T> {
    try {
      return await run()
    } catch (cause) {
      const to = movedTo(cause)
      if (to !== undefined) {
        await moveChannel(ctx, { platform: 'telegram', from: String(chat), to: String(to) })
        throw new GoneError('message', { cause })
      }
      const problem = problemOf(cause)
      if (problem instanceof RetryableError && problem.afterMs !== undefined)
        pace.hold('', String(chat), problem.afterMs)
      throw problem
    }
  }

  async function edit(message: MessageRef, view: View): Promise<void> {
    const isInline = message.channel.startsWith('inline/')
    const { chat } = placeOf(message.channel)
    const drawn = await draw(view, isInline ? 'inline' : chat > 0 ? 'private' : 'group')
    if (!isInline) await pace.turn('', String(chat))
    try {
      await call(chat, () =>
        isInline
          ? api.editMessageTextInline(message.id, drawn.text, options(drawn))
          : api.editMessageText(chat, Number(message.id), drawn.text, options(drawn)),
      )
    } catch (error) {
      if (!isUnchanged((error as Error).cause ?? error)) throw error
    }
  }

  return {
    draw,
    async send(to, view, { key, under, maybeSent = false, reply }) {
      const known = key === undefined || !maybeSent ? undefined : ((await sent.get(key)) as MessageRef | undefined)
      if (known) {
        await edit(known, view)
        return known
      }
      const isPrivate = to.id.startsWith('@')
      // Nobody can look: a code or a ballot is not said twice, an announcement rather twice than never.
      if (maybeSent && isPrivate) throw new GoneError('message')
      const { chat, topic } = placeOf(to.id)
      const shown = maybeSent ? { ...view, body: [...view.body, note('(repeated after a fault)')] } : view
      const drawn = await draw(shown, chat > 0 ? 'private' : 'group')
      await pace.turn('', String(chat))
      const answered = under === undefined ? reply : Number(under.thread ?? under.id)
      const message = await call(chat, () =>
        api.sendMessage(chat, drawn.text, {
          ...options(drawn),
          ...(topic === undefined ? {} : { message_thread_id: topic }),
          ...(answered === undefined
            ? {}
            : { reply_parameters: { message_id: answered, allow_sending_without_reply: true } }),
        }),
      )
      const ref: MessageRef = {
        platform: 'telegram',
        channel: to.id.replace(/^@/, ''),
        id: String(message.message_id),
        ...(under === undefined ? {} : { thread: under.thread ?? under.id }),
      }
      if (key !== undefined) await sent.set(key, ref, dayMs)
      return ref
    },
    edit,
  }
}

const options = ({ text: _text, ...rest }: Drawn) => rest

/** A page of ours is a Mini App where Telegram allows one; in a group a link into the private chat takes its place. */
function openButton(
  text: string,
  url: string,
  { place, about, lines, config }: { place: string; about: About; lines: Lines; config: Pick<Config, 'PUBLIC_URL'> },
): InlineKeyboardButton {
  const isOurs = config.PUBLIC_URL !== undefined && new URL(url).origin === new URL(config.PUBLIC_URL).origin
  const isPage = /^\/[bld]\//.test(new URL(url).pathname)
  if (!isOurs || !isPage || !url.startsWith('https://')) return { text, url }
  if (place === 'private') return { text, web_app: { url } }
  // What is private is asked for again where it is private.
  const start = lines.startOf('home')
  return { text, url: `https://t.me/${about.username}?${about.hasMainApp ? 'startapp' : 'start'}=${start}` }
}
