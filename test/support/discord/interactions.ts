import { randomBytes } from 'node:crypto'
import { checkChoices, checkMessage, checkModal, flags, isEmpty } from './content.ts'
import type { Gateway } from './gateway.ts'
import { channelJson, memberJson, messageJson, userJson } from './payloads.ts'
import type { Posts } from './posts.ts'
import { invalidForm, refuse } from './refusal.ts'
import type { Json } from './json.ts'
import type { Channel, Message, State, User } from './state.ts'

/** How the bot answered a person's action, and how long that took. */
export type Answer = { kind: number; ms: number; data?: Json; message?: string }

export type Interaction = {
  id: string
  token: string
  type: number
  user: User
  channel: Channel
  at: number
  /** What the person pressed stands on this. */
  source?: Message
  answer?: Answer
  original?: Message
  /** The note that the application is thinking was taken away. */
  isSilent?: boolean
  deferredFlags: number
  followUps: number
  userInstall: boolean
  settle: (answer: Answer) => void
}

/** Interactions from the person's press to the last follow-up. */
export class Interactions {
  readonly byToken = new Map<string, Interaction>()
  /** Replaced by tests that do not wait a quarter of an hour. */
  lifetime = 15 * 60_000
  deadline = 3000
  userInstall = false
  readonly #state: State
  readonly #gateway: Gateway
  readonly #posts: Posts

  constructor(state: State, gateway: Gateway, posts: Posts) {
    this.#state = state
    this.#gateway = gateway
    this.#posts = posts
  }

  /** Fires the event and resolves with the bot's answer; a bot that is silent for 3 s fails. */
  send(type: number, user: User, channel: Channel, data: Json, source?: Message, copies = 1): Promise<Answer> {
    const { promise, resolve, reject } = Promise.withResolvers<Answer>()
    const timer = setTimeout(() => reject(new Error('The application did not respond')), this.deadline)
    const one: Interaction = {
      id: this.#state.id(),
      token: randomBytes(48).toString('base64url'),
      type,
      user,
      channel,
      at: Date.now(),
      ...(source && { source }),
      deferredFlags: 0,
      followUps: 0,
      userInstall: this.userInstall,
      settle: (answer) => {
        clearTimeout(timer)
        resolve(answer)
      },
    }
    this.byToken.set(one.token, one)
    const d = this.#payload(one, data)
    for (let copy = 0; copy < copies; copy++) this.#gateway.dispatch('INTERACTION_CREATE', d, { guild: channel.guild })
    return promise
  }

  callback(id: string, token: string, body: Json): Message | undefined {
    const one = this.byToken.get(token)
    if (!one || one.id !== id) throw refuse(10062)
    if (one.answer) throw refuse(40060)
    const ms = Date.now() - one.at
    if (ms > this.deadline) throw refuse(10062)
    const kind: number = body.type
    const data: Json = body.data ?? {}
    const onComponent = one.type === 3 || (one.type === 5 && Boolean(one.source))
    const allowed = one.type === 4 ? [8] : [4, 5, ...(onComponent ? [6, 7] : []), ...(one.type === 5 ? [] : [9])]
    if (!allowed.includes(kind))
      throw invalidForm('type', 'INTERACTION_TYPE_INVALID', `Callback ${kind} does not answer this.`)
    if (kind === 8) checkChoices(data.choices ?? [])
    if (kind === 9) checkModal(data)
    let message: Message | undefined
    if (kind === 4) message = one.original = this.#reply(one, data)
    if (kind === 5) one.deferredFlags = data.flags ?? 0
    if (kind === 6 && one.source) one.original = one.source
    if (kind === 7 && one.source) message = one.original = this.#posts.edit(one.source, data)
    one.answer = { kind, ms, data, ...(message && { message: message.id }) }
    one.settle(one.answer)
    return message
  }

  followUp(token: string, body: Json, files: Json[]): Message {
    const one = this.#live(token)
    if (one.answer!.kind === 5 && !one.original) {
      one.original = this.#reply(
        one,
        { ...body, flags: ((body.flags ?? 0) & ~flags.ephemeral) | one.deferredFlags },
        files,
      )
      return one.original
    }
    one.followUps += 1
    if (one.userInstall && one.followUps > 5) throw refuse(40094)
    return this.#reply(one, body, files)
  }

  message(token: string, id: string): Message {
    const one = this.#live(token)
    const message = id === '@original' ? one.original : one.channel.messages.get(id)
    if (!message) throw refuse(id === '@original' ? 10015 : 10008)
    if (!one.channel.messages.has(message.id)) throw refuse(10008)
    return message
  }

  edit(token: string, id: string, body: Json, files: Json[]): Message {
    const one = this.#live(token)
    if (id === '@original' && one.answer!.kind === 5 && !one.original) {
      if (one.isSilent) throw refuse(10008)
      one.original = this.#reply(one, { ...body, flags: (body.flags ?? 0) | one.deferredFlags }, files)
      return one.original
    }
    return this.#posts.edit(this.message(token, id), body, files)
  }

  remove(token: string, id: string): void {
    const one = this.#live(token)
    // What says that the application is thinking can be taken away.
    if (id === '@original' && one.answer!.kind === 5 && !one.original && !one.isSilent) {
      one.isSilent = true
      return
    }
    this.#posts.remove(this.#live(token).channel, this.message(token, id))
  }

  #live(token: string): Interaction {
    const one = this.byToken.get(token)
    if (!one?.answer) throw refuse(10015)
    if (Date.now() - one.at > this.lifetime) throw refuse(50027)
    return one
  }

  #reply(one: Interaction, body: Json, files: Json[] = []): Message {
    checkMessage(
      body,
      files.map((file) => file.size),
    )
    if (isEmpty(body, files.length)) throw refuse(50006)
    const hidden = Boolean((body.flags ?? 0) & flags.ephemeral)
    return this.#posts.add(one.channel, this.#state.bot, body, files, {
      application_id: this.#state.application,
      webhook_id: this.#state.application,
      ...(hidden && { ephemeralTo: one.user.id }),
    })
  }

  #payload(one: Interaction, data: Json): Json {
    const { channel, user } = one
    const guild = channel.guild ? this.#state.guilds.get(channel.guild) : undefined
    const member = guild?.members.get(user.id)
    const may = (id: string): string => (guild ? this.#state.allowed(guild, id, channel).toString() : '0')
    return {
      id: one.id,
      application_id: this.#state.application,
      type: one.type,
      token: one.token,
      version: 1,
      data,
      channel_id: channel.id,
      channel: { ...channelJson(this.#state, channel), permissions: may(user.id) },
      locale: 'en-US',
      entitlements: [],
      entitlement_sku_ids: [],
      app_permissions: may(this.#state.bot.id),
      attachment_size_limit: 10_485_760,
      authorizing_integration_owners: one.userInstall ? { '1': user.id } : { '0': guild?.id ?? '0' },
      context: guild ? 0 : 1,
      ...(guild && member
        ? {
            guild_id: guild.id,
            guild_locale: 'en-US',
            guild: { id: guild.id, locale: 'en-US', features: [] },
            member: { ...memberJson(member), permissions: may(user.id) },
          }
        : { user: userJson(user) }),
      ...(one.source && { message: messageJson(one.source) }),
    }
  }
}
