import type { Api } from 'grammy'
import {
  adoptCard,
  GoneError,
  moveChannel,
  RetryableError,
  retireChannel,
  type Answer,
  type App,
  type Call,
  type CallHappening,
} from '../../core/index.ts'
import { answeredLine, questionOf, type Half } from './form.ts'
import type { Parts } from './parts.ts'
import { mayLink, placeId, type Other, type Reply } from './receive.ts'
import { problemOf } from './problem.ts'
import { placeOf } from './send.ts'

const halfMs = 3_600_000
const originMs = 30 * 86_400_000

const halves = ({ ctx }: App) => ctx.kv('telegram-half')
const origins = ({ ctx }: App) => ctx.kv('telegram-origin')

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

/**
 * What was meant: the whole line of a button, of a link, or of a question and its answer; and the group that it is about,
 * as long as its person is there.
 */
export async function resolve(parts: Parts, { call, reply }: CallHappening): Promise<Call | undefined> {
  const { chat, message, user } = reply as Reply
  const asked = await askedFor(parts, call.line, reply as Reply)
  if (asked === undefined) return undefined
  const place =
    asked.place ??
    (chat === user ? ((await origins(parts.app).get(`${user}/${message ?? 0}`)) as string | undefined) : undefined)
  const isThere = place !== undefined && (await isMember(parts.api, placeOf(place).chat, user))
  return { ...call, line: asked.line, ...(isThere ? { channel: { platform: 'telegram', id: place } } : {}) }
}

async function askedFor(
  { app, lines }: Parts,
  line: string,
  { chat, user, start, answers }: Reply,
): Promise<{ line: string; place?: string | undefined } | undefined> {
  if (start !== undefined) return await lines.startOfLink(start)
  if (answers === undefined) {
    const whole = await lines.lineOf(line)
    return whole === undefined ? undefined : { line: whole }
  }
  const half = (await halves(app).get(`${chat}/${answers}`)) as Half | undefined
  const completed = half && answeredLine(app, half, line)
  if (completed !== undefined) return { line: completed, place: half?.place }
  return chat === user ? { line: `ask ${line}` } : undefined
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
  try {
    const { status } = await api.getChatMember(chat, Number(caller.user))
    return status === 'creator' || status === 'administrator'
  } catch (error) {
    throw problemOf(error)
  }
}

/** What only Telegram knows: cards in foreign chats, groups that grow, admins without a name. */
export async function other({ app, posts }: Parts, data: Other): Promise<void> {
  if (data.what === 'moved') return await moveChannel(app.ctx, { platform: 'telegram', from: data.from, to: data.to })
  if (data.what === 'shared') {
    const message = { platform: 'telegram', channel: `inline/${data.inline}`, id: data.inline }
    return await adoptCard(app.ctx, { ref: data.ref, message })
  }
  if (data.what === 'left')
    return await retireChannel(app.ctx, { platform: 'telegram', id: data.chat }, 'the bot was taken out of the group')
  const words =
    'You write here as an anonymous admin, so AutoCo cannot tell who you are. Switch off “Remain anonymous” for yourself and say it again.'
  await posts.send(
    { platform: 'telegram', id: data.place },
    { body: [{ type: 'text', text: words }] },
    { reply: data.message },
  )
}
