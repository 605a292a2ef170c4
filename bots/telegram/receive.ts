import type { Api } from 'grammy'
import type { CallbackQuery, Message, Update, User } from 'grammy/types'
import {
  adoptCard,
  cut,
  GoneError,
  RetryableError,
  moveChannel,
  type Answer,
  type App,
  type Call,
  type CallHappening,
  type Caller,
  type Happening,
  type Inbox,
} from '../../core/index.ts'
import { answeredLine, questionOf, type Half } from './form.ts'
import { answerInline } from './inline.ts'
import type { Lines } from './lines.ts'
import { problemOf } from './problem.ts'
import { placeOf, type About, type Posts } from './send.ts'

export type Parts = { app: App; api: Api; inbox: Inbox; lines: Lines; posts: Posts; about: () => About; bot: number }
type Reply = {
  chat: number
  topic?: number | undefined
  message?: number | undefined
  user: number
  /** The channel that it is about, where that is another one. */
  place?: string | undefined
}
/** A command line, and where it comes from. */
type Asked = { line: string; byLink?: boolean; place?: string | undefined }

const busyWords = 'AutoCo cannot store what you asked right now. Nothing was done: try again in a minute.'
const halfMs = 3_600_000
const originMs = 30 * 86_400_000

/** One update: stored, then acknowledged, then done. False when it could not be stored and has to come again. */
export async function receive(parts: Parts, update: Update): Promise<boolean> {
  const { app, inbox } = parts
  if (update.inline_query) {
    await answerInline(parts, update.inline_query)
    return true
  }
  const chosen = update.chosen_inline_result
  if (chosen?.inline_message_id !== undefined) {
    await adopt(app, chosen.result_id, chosen.inline_message_id)
    return true
  }
  const message = update.message
  if (message?.migrate_to_chat_id !== undefined) {
    const [from, to] = [String(message.chat.id), String(message.migrate_to_chat_id)]
    await moveChannel(app.ctx, { platform: 'telegram', from, to })
    return true
  }
  const { callback_query: query } = update
  if (query && (await leadAway(parts, query))) return true
  const happening = await happeningOf(parts, update)
  if (!happening) return true
  const outcome = await inbox.take(happening)
  if (query) acknowledge(parts, query, outcome === 'busy' ? busyWords : undefined)
  if (outcome === 'new') void inbox.work(happening)
  // A press that was refused with words is over; everything else comes again.
  return outcome !== 'busy' || query !== undefined
}

/** Shows an answer: where it was asked, or in private what only the asker may see. */
export async function answer(parts: Parts, happening: CallHappening, { view, audience }: Answer): Promise<void> {
  const { app, posts, lines } = parts
  const { chat, topic, message, user } = happening.reply as Reply
  const here = placeId(chat, topic)
  const { id: about } = happening.call.channel
  const place = about.startsWith('@') ? undefined : about
  const question = await questionOf(app, happening.call)
  const shown = question?.view ?? view
  if (chat !== user && audience === 'channel') {
    const ref = await posts.send({ platform: 'telegram', id: here }, shown, { reply: message })
    if (question?.half) await halves(app).set(`${chat}/${ref.id}`, question.half, halfMs)
    return
  }
  try {
    const ref = await posts.send({ platform: 'telegram', id: `@${user}` }, shown, {})
    if (question?.half) await halves(app).set(`${user}/${ref.id}`, { ...question.half, place }, halfMs)
    // A button of an answer about a group is about that group, although it stands in private.
    if (place !== undefined && shown.actions?.length) await origins(app).set(`${user}/${ref.id}`, place, originMs)
  } catch (error) {
    if (!(error instanceof GoneError)) throw error
    const start = lines.startOf(mayLink(app, happening.call.line) ? happening.call.line : 'home', place)
    await lines.keep()
    const url = `https://t.me/${parts.about().username}?start=${start}`
    const leading = {
      body: [{ type: 'text' as const, text: 'That answer is for you alone. Open our private chat and press Start.' }],
      actions: [{ label: 'Answer me in private', open: url }],
    }
    await posts.send({ platform: 'telegram', id: here }, leading, { reply: message })
  }
}

/** The whole line of a button, and the group that an answer in private is about, as long as its person is there. */
export async function resolve({ app, api, lines }: Parts, { call, reply }: CallHappening): Promise<Call | undefined> {
  const line = await lines.lineOf(call.line)
  if (line === undefined) return undefined
  const { chat, message, user, place: given } = reply as Reply
  const place =
    given ?? (chat === user ? ((await origins(app).get(`${user}/${message ?? 0}`)) as string | undefined) : undefined)
  const isThere = place !== undefined && (await isMember(api, placeOf(place).chat, user))
  return { ...call, line, ...(isThere ? { channel: { platform: 'telegram', id: place } } : {}) }
}

async function isMember(api: Api, chat: number, user: number): Promise<boolean> {
  try {
    const member = await api.getChatMember(chat, user)
    return member.status === 'restricted' ? member.is_member : !['left', 'kicked'].includes(member.status)
  } catch (error) {
    if (problemOf(error) instanceof RetryableError) throw error
    return false
  }
}

/** Who may manage: an administrator of the chat; in private everybody their own. */
export async function isManager({ api }: Pick<Parts, 'api'>, { caller, channel }: Call): Promise<boolean> {
  const chat = Number(channel.id.replace(/^@/, '').split('/')[0])
  if (chat > 0) return true
  const { status } = await api.getChatMember(chat, Number(caller.user))
  return status === 'creator' || status === 'administrator'
}

async function happeningOf(parts: Parts, update: Update): Promise<Happening | undefined> {
  const key = `telegram/${parts.bot}/${update.update_id}`
  const { callback_query: query } = update
  if (query?.data !== undefined && query.message) {
    const { chat, message_id: message, message_thread_id: topic } = query.message as Message
    return callOf(key, query.from, { chat: chat.id, topic, message, user: query.from.id }, { line: query.data })
  }
  const message = update.message ?? update.edited_message
  if (!message?.from || message.from.is_bot || !message.text) return undefined
  const { chat, from, text, message_id: id } = message
  const topic = message.is_topic_message ? message.message_thread_id : undefined
  const reply: Reply = { chat: chat.id, topic, message: id, user: from.id }
  const asked = update.message ? await askedIn(parts, message) : undefined
  if (asked !== undefined) return callOf(key, from, { ...reply, place: asked.place }, asked)
  if (chat.type === 'private')
    return update.message ? callOf(key, from, reply, { line: text.startsWith('/') ? text : `ask ${text}` }) : undefined
  const answered = message.reply_to_message
  return {
    key,
    type: 'said',
    said: {
      platform: 'telegram',
      channel: placeId(chat.id, topic),
      id: String(id),
      thread: answered === undefined ? undefined : String(answered.message_id),
      author: nameOf(from),
      authorId: String(from.id),
      text,
      at: (message.edit_date ?? message.date) * 1_000,
    },
  }
}

/** The command line in a message, if there is one: a command, a link's start, or the answer to a question of ours. */
async function askedIn({ app, lines, about }: Parts, message: Message): Promise<Asked | undefined> {
  const text = message.text ?? ''
  const command = /^\/([A-Za-z0-9_]{1,32})(?:@(\w+))?(?:\s+([\s\S]*))?$/.exec(text)
  if (command) {
    const [, name = '', to, rest = ''] = command
    if (to !== undefined && to.toLowerCase() !== about().username.toLowerCase()) return undefined
    if (name === 'start') return { ...(await lines.startOfLink(rest.trim())), byLink: true }
    return { line: rest === '' ? name : `${name} ${rest}` }
  }
  const answered = message.reply_to_message
  if (answered) {
    const half = (await halves(app).get(`${message.chat.id}/${answered.message_id}`)) as Half | undefined
    const line = half && answeredLine(app, half, text)
    if (line !== undefined) return { line, place: half?.place }
  }
  const mention = new RegExp(`^@${about().username}\\s+([\\s\\S]+)$`, 'i').exec(text)
  return mention?.[1] === undefined ? undefined : { line: mention[1] }
}

const halves = ({ ctx }: App) => ctx.kv('telegram-half')
const origins = ({ ctx }: App) => ctx.kv('telegram-origin')

/** A press whose answer is for one person alone, in a group or in somebody else's chat: they are led to the private chat. */
async function leadAway(parts: Parts, query: CallbackQuery): Promise<boolean> {
  const { app, lines, about } = parts
  const inline = query.inline_message_id
  const line = query.data === undefined ? undefined : await lines.lineOf(query.data)
  if (inline !== undefined && line !== undefined) {
    const ref = line.split(' ')[1]
    if (ref !== undefined)
      adopt(app, ref, inline).catch((error: unknown) => app.ctx.log.warn({ error }, 'card not kept'))
  }
  const isGroup = inline !== undefined || (query.message?.chat.type ?? 'private') !== 'private'
  if (!isGroup || (line !== undefined && isPublic(app, line))) return false
  const maySay = line !== undefined && mayLink(app, line)
  // What changes something is done here, by who pressed: a link could be anyone's.
  if (inline === undefined && line !== undefined && !maySay) return false
  const message = query.message as Message | undefined
  const place = message && placeId(message.chat.id, message.is_topic_message ? message.message_thread_id : undefined)
  const start = lines.startOf(maySay ? line : 'home', place)
  await lines.keep()
  acknowledge(parts, query, undefined, `https://t.me/${about().username}?start=${start}`)
  return true
}

/** Whether a link may ask for it; what lacks words asks back first. */
function mayLink(app: App, line: string): boolean {
  try {
    const parsed = app.parse(line)
    return parsed.status === 'form' || (parsed.status === 'ready' && parsed.command.byLink?.(parsed.args) === true)
  } catch {
    return false
  }
}

function isPublic(app: App, line: string): boolean {
  try {
    const parsed = app.parse(line)
    return parsed.status === 'ready' && parsed.command.audience === 'channel'
  } catch {
    return false
  }
}

/** Telegram turns a circle on the button until this comes; it is not waited for. */
function acknowledge({ api, app }: Parts, query: CallbackQuery, words?: string, url?: string): void {
  const answer = words === undefined ? (url === undefined ? {} : { url }) : { text: cut(words, 190), show_alert: true }
  api
    .answerCallbackQuery(query.id, answer)
    .catch((error: unknown) => app.ctx.log.info({ error }, 'a press was not acknowledged'))
}

const adopt = (app: App, ref: string, inline: string): Promise<void> =>
  adoptCard(app.ctx, { ref, message: { platform: 'telegram', channel: `inline/${inline}`, id: inline } })

const placeId = (chat: number, topic: number | undefined): string =>
  topic === undefined ? String(chat) : `${chat}/${topic}`

const nameOf = ({ first_name, last_name }: User): string => [first_name, last_name].filter(Boolean).join(' ')

const callerOf = (user: User): Caller => ({
  platform: 'telegram',
  workspace: '',
  user: String(user.id),
  name: nameOf(user),
  manager: false,
})

const callOf = (key: string, user: User, reply: Reply, { line, byLink }: Asked): CallHappening => ({
  key,
  type: 'call',
  call: {
    caller: callerOf(user),
    channel: {
      platform: 'telegram',
      id: reply.chat === user.id ? `@${user.id}` : placeId(reply.chat, reply.topic),
    },
    line,
    ...(byLink ? { byLink } : {}),
  },
  reply,
})
