import { checkMessage, flags, isEmpty, within } from './content.ts'
import { intents, type Gateway } from './gateway.ts'
import { channelJson, memberJson, messageJson } from './payloads.ts'
import { mentioned, pings, previews } from './reading.ts'
import { invalidForm, refuse } from './refusal.ts'
import { channelTypes, isThread } from './state.ts'
import type { Json } from './json.ts'
import type { Channel, Message, Permission, State, User } from './state.ts'

export type Seen = { message: string; pings: string[]; previews: string[] }

/** Messages and threads: who may write them, what they hold, whom they ring. */
export class Posts {
  /** What each message of the bot did beyond being read. */
  readonly effects: Seen[] = []
  readonly #state: State
  readonly #gateway: Gateway

  constructor(state: State, gateway: Gateway) {
    this.#state = state
    this.#gateway = gateway
  }

  /** The bot writes into a channel. */
  post(channel: Channel, body: Json, files: Json[] = []): Message {
    this.#mayWrite(channel, body, files)
    checkMessage(
      body,
      files.map((one) => one.size),
    )
    if (isEmpty(body, files.length)) throw refuse(50006)
    if (String(body.nonce ?? '').length > 25)
      throw invalidForm('nonce', 'NONCE_TYPE_TOO_LONG', 'Must be 25 or fewer in length.')
    const twin =
      body.enforce_nonce && [...channel.messages.values()].find((one) => one.nonce === body.nonce && one.author.bot)
    if (twin) return twin
    if (body.message_reference && !body.message_reference.type && body.message_reference.fail_if_not_exists !== false)
      this.#state.message(channel.id, body.message_reference.message_id)
    return this.add(channel, this.#state.bot, body, files)
  }

  add(channel: Channel, author: User, body: Json, files: Json[] = [], extra: Json = {}): Message {
    const message: Message = {
      id: this.#state.id(),
      channel_id: channel.id,
      type: 0,
      author,
      content: body.content ?? '',
      timestamp: new Date().toISOString(),
      edited_timestamp: null,
      tts: false,
      mention_everyone: false,
      mentions: mentioned(body.content ?? '').flatMap((id) => this.#state.users.get(id) ?? []),
      mention_roles: [],
      attachments: files,
      embeds: (body.embeds ?? []).map((one: Json) => ({ type: 'rich', ...one })),
      components: completed(body.components ?? []),
      pinned: false,
      flags: body.flags ?? 0,
      allowed: body.allowed_mentions,
      ...(body.nonce !== undefined && { nonce: body.nonce }),
      ...extra,
    }
    channel.messages.set(message.id, message)
    this.#effect(message)
    this.announce('MESSAGE_CREATE', message, channel)
    return message
  }

  edit(message: Message, body: Json, files: Json[] = []): Message {
    checkMessage(
      { ...message, ...body, flags: body.flags ?? message.flags },
      files.map((one) => one.size),
    )
    const changed = { ...message }
    for (const key of ['content', 'components', 'flags']) if (body[key] !== undefined) changed[key] = body[key] ?? ''
    if (body.components) changed.components = completed(body.components)
    if (body.embeds) changed.embeds = body.embeds.map((one: Json) => ({ type: 'rich', ...one }))
    if (body.attachments || files.length > 0) changed.attachments = files
    if (isEmpty(changed, changed.attachments.length)) throw refuse(50006)
    Object.assign(message, changed, {
      edited_timestamp: new Date().toISOString(),
      allowed: body.allowed_mentions ?? message.allowed,
    })
    this.#effect(message)
    this.announce('MESSAGE_UPDATE', message, this.#state.channel(message.channel_id))
    return message
  }

  remove(channel: Channel, message: Message): void {
    channel.messages.delete(message.id)
    if (message.ephemeralTo) return
    const { guild } = channel
    this.#gateway.dispatch(
      'MESSAGE_DELETE',
      { id: message.id, channel_id: channel.id, ...(guild && { guild_id: guild }) },
      { guild, intent: intentOf(channel) },
    )
  }

  announce(event: string, message: Message, channel: Channel): void {
    if (message.ephemeralTo) return
    const { guild } = channel
    const member = guild && this.#state.guilds.get(guild)?.members.get(message.author.id)
    const { user: _user, ...withoutUser } = member ? memberJson(member) : {}
    const d = {
      ...messageJson(message),
      channel_type: channel.type,
      ...(guild && { guild_id: guild, member: withoutUser }),
    }
    const open = message.author.bot || !guild || message.content.includes(`<@${this.#state.bot.id}>`)
    const blank = { ...d, content: '', embeds: [], attachments: [], components: [] }
    this.#gateway.dispatch(event, d, {
      guild,
      intent: intentOf(channel),
      see: (has) => (open || has & intents.MESSAGE_CONTENT ? d : blank),
    })
  }

  /** A thread out of a message, or a forum's post. */
  thread(parent: Channel, body: Json, from?: Message): Json {
    const forum = parent.type === channelTypes.forum
    this.#state.need(parent, forum ? 'SEND_MESSAGES' : 'CREATE_PUBLIC_THREADS')
    if (!body.name || body.name.length > 100)
      throw invalidForm('name', 'BASE_TYPE_BAD_LENGTH', 'Must be between 1 and 100 in length.')
    const applied: string[] = body.applied_tags ?? []
    if (applied.length > 5 || applied.some((id) => !parent.tags.some((tag) => tag.id === id)))
      throw invalidForm('applied_tags', 'INVALID_TAGS', 'Unknown or too many tags.')
    if (from && this.#state.channels.has(from.id)) throw refuse(160004)
    if (forum && !body.message) throw invalidForm('message', 'BASE_TYPE_REQUIRED', 'This field is required')
    if (forum) {
      checkMessage(body.message)
      if (isEmpty(body.message, 0)) throw refuse(50006)
    }
    const thread = this.open(parent, body.name, this.#state.bot.id, from?.id, applied)
    if (!forum) return channelJson(this.#state, thread)
    const message = this.add(thread, this.#state.bot, body.message, [], { id: thread.id })
    return { ...channelJson(this.#state, thread), message: messageJson(message) }
  }

  open(parent: Channel, name: string, owner: string, id = this.#state.id(), applied: string[] = []): Channel {
    const thread: Channel = {
      id,
      type: channelTypes.thread,
      name,
      parent: parent.id,
      overwrites: [],
      tags: [],
      applied,
      owner,
      archived: false,
      locked: false,
      messages: new Map(),
      ...(parent.guild && { guild: parent.guild }),
    }
    this.#state.channels.set(id, thread)
    this.#gateway.dispatch(
      'THREAD_CREATE',
      { ...channelJson(this.#state, thread), newly_created: true },
      { guild: parent.guild, intent: intents.GUILDS },
    )
    return thread
  }

  #mayWrite(channel: Channel, body: Json, files: Json[]): void {
    if (channel.type === channelTypes.dm && this.#state.user(channel.recipient!).dmsClosed) throw refuse(50007)
    if (channel.type === channelTypes.forum) throw refuse(50008)
    const needs: Permission[] = [isThread(channel) ? 'SEND_MESSAGES_IN_THREADS' : 'SEND_MESSAGES']
    if (body.embeds?.length) needs.push('EMBED_LINKS')
    if (files.length > 0) needs.push('ATTACH_FILES')
    this.#state.need(channel, ...needs)
    if (channel.locked) this.#state.need(channel, 'MANAGE_THREADS')
    channel.archived = false
  }

  #effect(message: Message): void {
    if (!message.author.bot) return
    const seen = {
      message: message.id,
      pings: pings(message),
      previews: message.flags & flags.suppressEmbeds ? [] : previews(message.content),
    }
    if (seen.pings.length + seen.previews.length > 0) this.effects.push(seen)
  }
}

/** What Discord fills in where a part says nothing of it. */
const defaults: Record<number, Json> = {
  3: { min_values: 1, max_values: 1 },
  14: { divider: true, spacing: 1 },
  17: { accent_color: null, spoiler: false },
}

/** Discord gives a number to each part that has none. */
function completed(rows: Json[]): Json[] {
  const copies: Json[] = structuredClone(rows)
  const parts = copies.flatMap((row) => within(row, '')).map(([, part]) => part)
  const taken = new Set(parts.map((part) => part.id as number))
  let next = 1
  for (const part of parts) {
    for (const [key, value] of Object.entries(defaults[part.type] ?? {})) part[key] ??= value
    if (part.id) continue
    while (taken.has(next)) next += 1
    part.id = next++
  }
  return copies
}

function intentOf(channel: Channel): number {
  return channel.guild ? intents.GUILD_MESSAGES : intents.DIRECT_MESSAGES
}
