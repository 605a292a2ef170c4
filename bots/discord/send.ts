import { createHash } from 'node:crypto'
import { Routes, ThreadAutoArchiveDuration, type APIMessage, type APIThreadChannel } from 'discord.js'
import { cut, GoneError, mayMessage, type App, type Channel, type MessageRef, type View } from '../../core/index.ts'
import { codes, isRefused, type Api } from './api.ts'
import type { FollowUps } from './follow-up.ts'
import type { Lines } from './lines.ts'
import { directChannel, isForum, type About, type Places } from './places.ts'
import { problemOf } from './problem.ts'
import { renderView, type Payload } from './render.ts'

type Sending = { key: string; under?: MessageRef | undefined; maybeSent?: boolean }
export type Posts = {
  send(to: Channel, view: View, sending: Sending): Promise<MessageRef>
  edit(message: MessageRef, view: View): Promise<void>
}

const threadName = 100
const titleMs = 90 * 86_400_000
/** So many messages are looked through for one that may have been sent. */
const lookBack = 100
/** And so many posts of a forum. */
const postsBack = 10

/** Posting and editing cards. A message carries a number made of its key, by which it is found again. */
export function createPosts(app: App, parts: { api: Api; lines: Lines; followUps: FollowUps; places: Places }): Posts {
  const { ctx } = app
  const { api, lines, followUps, places } = parts

  const draw = async (view: View, key?: string): Promise<Payload> => {
    const mark = key === undefined ? undefined : markOf(key)
    const drawn = renderView(view, { explorerUrl: ctx.chain.explorerUrl, mark, idOf: (line) => lines.idOf(line) })
    await lines.keep()
    return drawn
  }

  /** The thread under a card: made with the first message that goes there, and named like the card. */
  async function threadOf(card: MessageRef, named: string): Promise<string> {
    if (card.thread !== undefined) return card.thread
    const kv = ctx.kv('discord')
    // A thread bears the number of the message that it hangs under.
    if (await kv.get(`thread/${card.id}`)) return card.id
    try {
      const thread = await api.call<{ id: string }>('POST', Routes.threads(card.channel, card.id), {
        body: {
          name: cut(named, threadName) || 'Discussion',
          auto_archive_duration: ThreadAutoArchiveDuration.OneWeek,
        },
      })
      await kv.set(`thread/${card.id}`, true, titleMs)
      return thread.id
    } catch (error) {
      if (isRefused(error, codes.ThreadAlreadyCreatedForMessage)) return card.id
      throw error
    }
  }

  async function post(channel: string, key: string, body: object, maybeSent: boolean): Promise<APIMessage> {
    const found = maybeSent ? await find(channel, key) : undefined
    // What was sent before may still say what it said then.
    if (found) return await api.call<APIMessage>('PATCH', Routes.channelMessage(channel, found.id), { body })
    // Discord itself recognises the same number for some minutes.
    const nonce = createHash('sha256').update(key).digest('base64url').slice(0, 25)
    return await api.call<APIMessage>('POST', Routes.channelMessages(channel), {
      body: { ...body, nonce, enforce_nonce: true },
    })
  }

  async function find(channel: string, key: string): Promise<APIMessage | undefined> {
    const query = new URLSearchParams({ limit: String(lookBack) })
    const messages = await api.call<APIMessage[]>('GET', Routes.channelMessages(channel), { query })
    return messages.find(({ components }) => components?.some((part) => part.id === markOf(key)))
  }

  async function sendPublic(to: Channel, view: View, { key, under, maybeSent = false }: Sending): Promise<MessageRef> {
    const body = await draw(view, key)
    if (under) {
      const title = (await ctx.kv('discord').get(`title/${under.id}`)) as string | undefined
      const thread = await threadOf(under, title ?? view.title ?? 'Discussion')
      const { id } = await post(thread, key, body, maybeSent)
      return { platform: 'discord', channel: under.channel, id, thread }
    }
    const about = await places.about(to.id)
    if (isForum(about.type)) {
      const found = maybeSent ? await findPost(about, key) : undefined
      if (found) await edit({ platform: 'discord', channel: to.id, id: found, thread: found }, view)
      const post = found ?? (await postInForum(about, view, body))
      return { platform: 'discord', channel: to.id, id: post, thread: post }
    }
    const { id } = await post(to.id, key, body, maybeSent)
    const ref = { platform: 'discord', channel: to.id, id }
    if (view.title) await ctx.kv('discord').set(`title/${id}`, view.title, titleMs)
    // The card is there: without a thread it is still a card, and the first message for it tries again.
    if (view.talk)
      await threadOf(ref, view.title ?? 'Discussion').catch((error: unknown) =>
        ctx.log.info({ error, channel: to.id }, 'no thread under a card'),
      )
    return ref
  }

  /** In a forum a card is a post of its own, with the tags that its first words name: they say how it stands. */
  async function postInForum({ id, tags }: About, view: View, message: Payload): Promise<string> {
    const applied = fittingTags(tags, view)
    const thread = await api.call<{ id: string }>('POST', Routes.threads(id), {
      body: {
        name: cut(view.title ?? 'AutoCo', threadName) || 'AutoCo',
        auto_archive_duration: ThreadAutoArchiveDuration.OneWeek,
        applied_tags: applied,
        message,
      },
    })
    await ctx.kv('discord').set(`tags/${thread.id}`, applied.join(), titleMs)
    return thread.id
  }

  /** Moves a post on to the tags of how it stands by now. */
  async function retag(forum: string, post: string, view: View): Promise<void> {
    const { tags } = await places.about(forum)
    const applied = fittingTags(tags, view)
    const kv = ctx.kv('discord')
    if ((await kv.get(`tags/${post}`)) === applied.join()) return
    await api.call('PATCH', Routes.channel(post), { body: { applied_tags: applied } })
    await kv.set(`tags/${post}`, applied.join(), titleMs)
  }

  /** A post bears the number of its first message. */
  async function findPost({ id, guild }: About, key: string): Promise<string | undefined> {
    const { threads } = await api.call<{ threads: APIThreadChannel[] }>('GET', Routes.guildActiveThreads(guild ?? ''))
    const newest = threads
      .filter((thread) => thread.parent_id === id)
      .toSorted((a, b) => (BigInt(a.id) < BigInt(b.id) ? 1 : -1))
      .slice(0, postsBack)
    for (const thread of newest) if (await find(thread.id, key)) return thread.id
    return undefined
  }

  /** By private message where the person agreed to that, else behind what they asked last, for their eyes alone. */
  async function sendPrivate(to: Channel, view: View, { key, maybeSent = false }: Sending): Promise<MessageRef> {
    const user = to.id.slice(1)
    const body = await draw(view, key)
    if (await mayMessage(ctx, { platform: 'discord', workspace: '', user })) {
      try {
        const channel = await directChannel(ctx, api, to)
        const { id } = await post(channel, key, body, maybeSent)
        return { platform: 'discord', channel, id }
      } catch (error) {
        if (!isRefused(error, codes.CannotSendMessagesToThisUser)) throw error
      }
    }
    return await followUps.send(user, body)
  }

  async function edit(message: MessageRef, view: View): Promise<void> {
    const body = await draw(view)
    try {
      if (message.channel.startsWith('~')) return await followUps.edit(message, body)
      const place = message.thread ?? message.channel
      const change = () => api.call('PATCH', Routes.channelMessage(place, message.id), { body })
      await change().catch(async (error: unknown) => {
        if (!isRefused(error, codes.InvalidActionOnArchivedThread)) throw error
        await api.call('PATCH', Routes.channel(place), { body: { archived: false } })
        await change()
      })
      const isPost = message.thread !== undefined && message.thread === message.id
      if (isPost) await retag(message.channel, message.id, view)
    } catch (error) {
      if (
        isRefused(error, codes.ThreadLocked, codes.InvalidActionOnArchivedThread, codes.MissingPermissions) &&
        message.thread
      )
        throw new GoneError('message', { cause: error })
      throw problemOf(error)
    }
  }

  return {
    async send(to, view, sending) {
      const kv = ctx.kv('discord')
      const known = sending.maybeSent ? ((await kv.get(`sent/${sending.key}`)) as MessageRef | undefined) : undefined
      if (known) {
        await edit(known, view)
        return known
      }
      try {
        const ref = await (to.id.startsWith('@') ? sendPrivate : sendPublic)(to, view, sending)
        await kv.set(`sent/${sending.key}`, ref, 86_400_000)
        return ref
      } catch (error) {
        throw problemOf(error)
      }
    },
    edit,
  }
}

const fittingTags = (tags: About['tags'], { body: [first] }: View): string[] => {
  const words = JSON.stringify(first ?? '').toLowerCase()
  return tags.flatMap(({ id, name }) => (words.includes(name.toLowerCase()) ? [id] : [])).slice(0, 5)
}

/** A component's id is a positive 32-bit number. */
const markOf = (key: string): number =>
  (createHash('sha256').update(key).digest().readUInt32BE(0) % 2_000_000_000) + 1_000
