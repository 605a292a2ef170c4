import type { CallbackQuery, Message, Update, User } from 'grammy/types'
import { cut, type App, type CallHappening, type Caller, type Happening } from '../../core/index.ts'
import { isQuestion } from './form.ts'
import { answerInline } from './inline.ts'
import type { Parts } from './parts.ts'

export type Reply = {
  chat: number
  topic?: number | undefined
  message?: number | undefined
  user: number
  /** What stood in a link that was followed. */
  start?: string | undefined
  /** The question of ours that it answers. */
  answers?: number | undefined
}
export type Other =
  | { what: 'moved'; from: string; to: string }
  | { what: 'shared'; ref: string; inline: string }
  | { what: 'left'; chat: string }
  | { what: 'anonymous'; place: string; message: number }
type Asked = { line: string; byLink?: boolean; start?: string; answers?: number }

const busyWords = 'AutoCo cannot store what you asked right now. Nothing was done: try again in a minute.'
const mostRefused = 10_000

/** One update: stored, then acknowledged, then done. False when it could not be stored and has to come again. */
export async function receive(parts: Parts, update: Update): Promise<boolean> {
  const { inbox, refused } = parts
  if (update.inline_query) {
    void answerInline(parts, update.inline_query)
    return true
  }
  const key = `telegram/${parts.bot}/${update.update_id}`
  const { callback_query: query } = update
  if (refused.delete(key) || (query && leadAway(parts, query))) return true
  const happening = happeningOf(parts, key, update)
  if (!happening) return true
  const outcome = await inbox.take(happening)
  if (query) acknowledge(parts, query, outcome === 'busy' ? busyWords : undefined)
  if (outcome === 'new') void inbox.work(happening)
  if (outcome !== 'busy') return true
  // A press that was refused with words is over; everything else comes again.
  if (query && refused.size < mostRefused) refused.add(key)
  return query !== undefined
}

/** Pure: what an update is about. */
function happeningOf(parts: Parts, key: string, update: Update): Happening | undefined {
  const { callback_query: query, chosen_inline_result: chosen } = update
  if (query?.data !== undefined && query.message) {
    const { chat, message_id: message, message_thread_id: topic } = query.message as Message
    return callOf(key, query.from, { chat: chat.id, topic, message, user: query.from.id }, { line: query.data })
  }
  if (chosen?.inline_message_id !== undefined)
    return otherOf(key, { what: 'shared', ref: chosen.result_id, inline: chosen.inline_message_id })
  const standing = update.my_chat_member
  if (standing && standing.chat.type !== 'private' && ['left', 'kicked'].includes(standing.new_chat_member.status))
    return otherOf(key, { what: 'left', chat: String(standing.chat.id) })
  const message = update.message ?? update.edited_message
  if (message?.migrate_to_chat_id !== undefined)
    return otherOf(key, { what: 'moved', from: String(message.chat.id), to: String(message.migrate_to_chat_id) })
  if (!message?.from || !message.text) return undefined
  const { chat, from, text, message_id: id } = message
  const topic = message.is_topic_message ? message.message_thread_id : undefined
  const isAnonymous = message.sender_chat?.id === chat.id
  if (isAnonymous && update.message && text.startsWith('/'))
    return otherOf(key, { what: 'anonymous', place: placeId(chat.id, topic), message: id })
  if (from.is_bot) return undefined
  const reply: Reply = { chat: chat.id, topic, message: id, user: from.id }
  const asked = update.message && askedIn(parts, message)
  if (asked) return callOf(key, from, { ...reply, start: asked.start, answers: asked.answers }, asked)
  if (chat.type === 'private') return undefined
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

/** What a message asks for, if it does: a command, a link that was followed, the answer to a question of ours, a mention. */
function askedIn({ about, bot }: Parts, message: Message): Asked | undefined {
  const text = message.text ?? ''
  // What somebody else wrote carries nobody's wish.
  if (message.forward_origin || message.via_bot) return message.chat.type === 'private' ? { line: 'help' } : undefined
  const command = /^\/([A-Za-z0-9_-]{1,32})(?:@(\w+))?(?:\s+([\s\S]*))?$/.exec(text)
  if (command) {
    const [, name = '', to, rest = ''] = command
    if (to !== undefined && to.toLowerCase() !== about().username.toLowerCase()) return undefined
    if (name === 'start') return { line: text, start: rest.trim(), byLink: true }
    return { line: rest === '' ? name : `${name} ${rest}` }
  }
  const answered = message.reply_to_message
  if (answered?.from?.id === bot && isQuestion(answered.text ?? '')) return { line: text, answers: answered.message_id }
  const mention = new RegExp(`^@${about().username}\\s+([\\s\\S]+)$`, 'i').exec(text)
  if (mention?.[1] !== undefined) return { line: mention[1] }
  return message.chat.type === 'private' ? { line: text.startsWith('/') ? text : `ask ${text}` } : undefined
}

/** A press whose answer is for one person alone, in a group or in somebody else's chat: they are led to the private chat. */
function leadAway(parts: Parts, query: CallbackQuery): boolean {
  const { app, lines, about, inbox } = parts
  const { inline_message_id: inline, message } = query
  const line = query.data === undefined ? undefined : lines.knownLine(query.data)
  const ref = line?.split(' ')[1]
  if (inline !== undefined && ref !== undefined) {
    // It says where a card of ours has got to: it is kept up to date from now on.
    const shared = otherOf(`telegram/${parts.bot}/press/${query.id}`, { what: 'shared', ref, inline })
    void inbox.take(shared).then((outcome) => (outcome === 'new' ? inbox.work(shared) : undefined))
  }
  const isGroup = inline !== undefined || (message?.chat.type ?? 'private') !== 'private'
  if (!isGroup || (line !== undefined && isPublic(app, line))) return false
  const maySay = line !== undefined && mayLink(app, line)
  // What changes something is done here, by who pressed: a link could be anyone's.
  if (inline === undefined && !maySay) return false
  const at = message as Message | undefined
  const place = at && placeId(at.chat.id, at.is_topic_message ? at.message_thread_id : undefined)
  const start = lines.startOf(maySay ? line : 'home', place)
  lines.keep().catch((error: unknown) => app.ctx.log.warn({ error }, 'a link may not be known after a restart'))
  acknowledge(parts, query, undefined, `https://t.me/${about().username}?start=${start}`)
  return true
}

/** Whether a link may ask for it; what lacks words asks back first. */
export function mayLink(app: App, line: string): boolean {
  try {
    const parsed = app.parse(line)
    return parsed.status === 'form' || (parsed.status === 'ready' && parsed.command.byLink?.(parsed.args) === true)
  } catch {
    return false
  }
}

/** A whole line that changes nothing and whose answer is for the asker alone. */
export function isForOne(app: App, line: string): boolean {
  try {
    const parsed = app.parse(line)
    if (parsed.status !== 'ready') return false
    return parsed.command.audience === 'caller' && parsed.command.byLink?.(parsed.args) === true
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

export const placeId = (chat: number, topic: number | undefined): string =>
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

const otherOf = (key: string, data: Other): Happening => ({ key, type: 'other', data })
