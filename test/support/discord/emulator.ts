import { randomBytes } from 'node:crypto'
import type { Server } from 'node:http'
import { Commands } from './commands.ts'
import { within } from './content.ts'
import { Gateway, intents } from './gateway.ts'
import { Interactions, type Answer } from './interactions.ts'
import { OAuth } from './oauth.ts'
import { channelJson, guildJson } from './payloads.ts'
import { Posts } from './posts.ts'
import { Rates } from './rates.ts'
import { links, markup, pings, plain, previews, texts } from './reading.ts'
import type { Call } from './call.ts'
import { createRest, direct, portOf, type Fault, type Parts } from './server.ts'
import { Spec } from './spec.ts'
import { channelTypes, isThread, permissions, State } from './state.ts'
import type { Json } from './json.ts'
import type { Channel, Guild, Message, Permission, User } from './state.ts'

export type { Answer } from './interactions.ts'

export type DiscordOptions = {
  /** Privileged intents that the developer portal granted. */
  granted?: number
  shards?: number
  concurrency?: number
  /** IDENTIFY a day. */
  identifies?: number
  heartbeat?: number
  /** Users who installed the app for themselves alone: five follow-ups. */
  userInstall?: boolean
}

/** A message as its reader has it before the eyes. */
export type Seen = {
  id: string
  /** The thread that it stands in. */
  thread?: string
  words: string
  links: string[]
  buttons: { label: string; custom_id?: string; url?: string; disabled: boolean }[]
  /** What acts by itself: people who are rung, links that unfold, and markup. */
  pings: string[]
  previews: string[]
  markup: string[]
  ephemeral: boolean
  raw: Message
}

/** A strict Discord on the loopback: gateway, REST, interactions and login. Every refused request is in `violations`. */
export class DiscordEmulator {
  readonly token: string
  readonly violations: string[] = []
  readonly calls: Call[] = []
  readonly state = new State()
  readonly commands: Commands
  readonly gateway: Gateway
  readonly interactions: Interactions
  readonly rates = new Rates()
  readonly oauth: OAuth
  readonly #posts: Posts
  readonly #parts: Parts
  readonly #server: Server
  readonly #modals = new Map<string, Json>()
  #copies = 1

  static async start(options: DiscordOptions = {}): Promise<DiscordEmulator> {
    const it = new DiscordEmulator(options)
    await new Promise<void>((resolve) => it.#server.listen(0, '127.0.0.1', resolve))
    return it
  }

  private constructor(options: DiscordOptions) {
    const { state, violations, calls, rates } = this
    const violate = (what: string): void => void violations.push(what)
    // A bot token begins with the number of its application.
    this.token = `${Buffer.from(state.application).toString('base64').replace(/=+$/, '')}.${randomBytes(6).toString('base64url')}.${randomBytes(27).toString('base64url')}`
    this.commands = new Commands(state)
    this.oauth = new OAuth(state, violate)
    const rules = {
      token: this.token,
      granted: options.granted ?? intents.MESSAGE_CONTENT | intents.GUILD_MEMBERS,
      identifies: options.identifies ?? 1_000,
      concurrency: options.concurrency ?? 1,
      shards: options.shards ?? 1,
      heartbeat: options.heartbeat ?? 41_250,
    }
    this.gateway = new Gateway(state, rules, () => `ws://127.0.0.1:${portOf(this.#server)}`, violate)
    this.#posts = new Posts(state, this.gateway)
    this.interactions = new Interactions(state, this.gateway, this.#posts)
    this.interactions.userInstall = options.userInstall ?? false
    this.#parts = {
      state,
      gateway: this.gateway,
      posts: this.#posts,
      interactions: this.interactions,
      commands: this.commands,
      rates,
      oauth: this.oauth,
      spec: new Spec(),
      token: this.token,
      calls,
      violations,
      faults: [],
    }
    this.#server = createRest(this.#parts)
  }

  /** For DISCORD_API_URL. */
  get url(): string {
    return `${this.origin}/api`
  }

  get origin(): string {
    return `http://127.0.0.1:${portOf(this.#server)}`
  }

  get applicationId(): string {
    return this.state.application
  }

  get clientSecret(): string {
    return this.oauth.clientSecret
  }

  /** Takes what a test provoked on purpose, so that the list is empty again. */
  takeViolations(): string[] {
    return this.violations.splice(0)
  }

  fault(fault: Fault): void {
    this.#parts.faults.push({ ...fault, times: fault.times ?? 1 })
  }

  /** The next thing that a person does is told so many times. */
  repeatNext(copies = 2): void {
    this.#copies = copies
  }

  async stop(): Promise<void> {
    this.gateway.stop()
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  // What there is.

  addUser(name: string): string {
    const user: User = { id: this.state.id(), username: name, global_name: name }
    this.state.users.set(user.id, user)
    return user.id
  }

  addGuild(name: string, people: readonly string[] = [], rights: readonly Permission[] = botRights): string {
    const id = this.state.id()
    const everyone = { id, name: '@everyone', permissions: memberRights, position: 0 }
    const own = { id: this.state.id(), name: 'AutoCo', permissions: sum(rights), position: 5 }
    const guild: Guild = {
      id,
      name,
      owner: people[0] ?? this.state.id(),
      roles: new Map([
        [id, everyone],
        [own.id, own],
      ]),
      members: new Map(),
    }
    this.state.guilds.set(id, guild)
    for (const user of people) this.join(id, user)
    guild.members.set(this.state.bot.id, { user: this.state.bot, roles: [own.id], joined_at: joinedAt() })
    this.gateway.dispatch('GUILD_CREATE', guildJson(this.state, guild), { guild: id, intent: intents.GUILDS })
    return id
  }

  join(guild: string, user: string): void {
    const found = this.state.guild(guild)
    found.members.set(user, { user: this.state.user(user), roles: [], joined_at: joinedAt() })
  }

  addRole(guild: string, name: string, { position = 1, rights = [] as readonly Permission[] } = {}): string {
    const role = { id: this.state.id(), name, permissions: sum(rights), position }
    this.state.guild(guild).roles.set(role.id, role)
    return role.id
  }

  rolesOf(guild: string, user: string): string[] {
    return this.state.guild(guild).members.get(user)?.roles ?? []
  }

  give(guild: string, user: string, role: string): void {
    this.state.guild(guild).members.get(user)?.roles.push(role)
  }

  addChannel(
    guild: string,
    name: string,
    type: 'text' | 'forum' | 'announcement' = 'text',
    tags: string[] = [],
  ): string {
    const channel: Channel = {
      id: this.state.id(),
      type: channelTypes[type],
      guild,
      name,
      overwrites: [],
      tags: tags.map((tag) => ({ id: this.state.id(), name: tag, moderated: false })),
      applied: [],
      archived: false,
      locked: false,
      messages: new Map(),
    }
    this.state.channels.set(channel.id, channel)
    this.gateway.dispatch('CHANNEL_CREATE', channelJson(this.state, channel), { guild, intent: intents.GUILDS })
    return channel.id
  }

  /** What the bot may not do in a channel any more. */
  deny(channel: string, ...names: Permission[]): void {
    this.state.channel(channel).overwrites.push({ id: this.state.bot.id, type: 1, allow: 0n, deny: sum(names) })
  }

  closeDms(user: string, closed = true): void {
    this.state.user(user).dmsClosed = closed
  }

  kickBot(guild: string): void {
    this.gateway.dispatch('GUILD_DELETE', { id: guild }, { guild, intent: intents.GUILDS })
    this.state.guild(guild).members.delete(this.state.bot.id)
  }

  deleteChannel(id: string): void {
    const channel = this.state.channel(id)
    this.state.channels.delete(id)
    for (const [key, one] of this.state.channels) if (one.parent === id) this.state.channels.delete(key)
    const { guild } = channel
    this.gateway.dispatch('CHANNEL_DELETE', channelJson(this.state, channel), { guild, intent: intents.GUILDS })
  }

  archive(thread: string, { locked = false } = {}): void {
    Object.assign(this.state.channel(thread), { archived: true, locked })
  }

  // What a person does. Each promise says how the application answered.

  /** Uses a command; `options` are what the person filled in. */
  slash(user: string, channel: string, name: string, options: Record<string, string> = {}): Promise<Answer> {
    const place = this.#place(user, channel)
    const command = this.commands.find(place.guild, name)
    const known: Json[] = command['options'] ?? []
    this.#mustMay(user, place, command)
    const given = Object.entries(options).map(([key, value]) => {
      const option = known.find((one) => one['name'] === key)
      if (!option) throw new Error(`/${name} has no option ${key}`)
      const choices: Json[] | undefined = option['choices']
      if (choices && !choices.some((one) => one['value'] === value)) throw new Error(`${value} is no choice of ${key}`)
      return { name: key, type: option['type'] as number, value }
    })
    const data = { id: command['id'] as string, name, type: 1, ...(given.length > 0 ? { options: given } : {}) }
    return this.#act(2, user, place, data)
  }

  /** Types into an option; the promise holds what is offered. */
  autocomplete(
    user: string,
    channel: string,
    name: string,
    { focused, typed, options = {} }: { focused: string; typed: string; options?: Record<string, string> },
  ): Promise<Answer> {
    const place = this.#place(user, channel)
    const command = this.commands.find(place.guild, name)
    const known: Json[] = command['options'] ?? []
    const option = known.find((one) => one['name'] === focused)
    if (!option?.['autocomplete']) throw new Error(`${focused} of /${name} completes nothing`)
    const before = Object.entries(options).map(([key, value]) => ({ name: key, type: 3, value }))
    const now = { name: focused, type: option['type'] as number, value: typed, focused: true }
    return this.#act(4, user, place, { id: command['id'] as string, name, type: 1, options: [...before, now] })
  }

  /** Presses a button that stands there: by its `custom_id` or its label. */
  click(user: string, channel: string, message: string, what: string): Promise<Answer> {
    const place = this.#place(user, channel)
    const source = this.#visible(user, place, message)
    const found = componentsOf(source).find(
      (one) => one['type'] === 2 && (one['custom_id'] === what || one['label'] === what),
    )
    if (!found?.['custom_id']) throw new Error(`there is no button ${what}`)
    if (found['disabled']) throw new Error(`the button ${what} is off`)
    return this.#act(
      3,
      user,
      place,
      { custom_id: found['custom_id'] as string, component_type: 2, id: found['id'] as number },
      source,
    )
  }

  /** Chooses in a menu that stands there. */
  select(user: string, channel: string, message: string, menu: string, values: string[]): Promise<Answer> {
    const place = this.#place(user, channel)
    const source = this.#visible(user, place, message)
    const found = componentsOf(source).find((one) => one['type'] === 3 && one['custom_id'] === menu)
    if (!found || found['disabled']) throw new Error(`there is no menu ${menu}`)
    const options = (found['options'] as Json[]).map((one) => one['value'] as string)
    if (values.length > (found['max_values'] ?? 1) || values.some((one) => !options.includes(one)))
      throw new Error(`${menu} does not offer ${values.join(', ')}`)
    return this.#act(3, user, place, { custom_id: menu, component_type: 3, id: found['id'] as number, values }, source)
  }

  /** Sends the form that is open before this person. */
  async submit(user: string, channel: string, values: Record<string, string | string[]>): Promise<Answer> {
    const modal = this.#modals.get(user)
    if (!modal) throw new Error('no form is open')
    const components = (modal['components'] as Json[]).map((label) => {
      const field = (label['component'] ?? label['components']?.[0]) as Json
      const given = values[field['custom_id'] as string]
      const isMissing = given === undefined || given.length === 0
      if (isMissing && field['required'] !== false) throw new Error(`${field['custom_id']} has to be filled in`)
      const value = field['type'] === 4 ? { value: String(given ?? '') } : { values: [given ?? []].flat() }
      const sent = { type: field['type'] as number, id: 1, custom_id: field['custom_id'] as string, ...value }
      return { type: 18, id: 1, component: sent }
    })
    this.#modals.delete(user)
    return await this.#act(5, user, this.#place(user, channel), { custom_id: modal['custom_id'] as string, components })
  }

  modal(
    user: string,
  ): { title: string; fields: { name: string; label: string; value?: string; options: string[] }[] } | undefined {
    const modal = this.#modals.get(user)
    if (!modal) return undefined
    return {
      title: modal['title'] as string,
      fields: (modal['components'] as Json[]).map((label) => {
        const field = label['component'] as Json
        const options = ((field['options'] ?? []) as Json[]).map((one) => one['value'] as string)
        return {
          name: field['custom_id'] as string,
          label: label['label'] as string,
          options,
          ...(field['value'] === undefined ? {} : { value: field['value'] as string }),
        }
      }),
    }
  }

  closeModal(user: string): void {
    this.#modals.delete(user)
  }

  say(user: string, channel: string, content: string): string {
    const place = this.#place(user, channel)
    return this.#posts.add(place, this.state.user(user), { content, nonce: this.state.id() }).id
  }

  edit(user: string, channel: string, message: string, content: string): void {
    const found = this.state.message(channel, message)
    if (found.author.id !== user) throw new Error('that is somebody else’s message')
    Object.assign(found, { content, edited_timestamp: new Date().toISOString() })
    this.#posts.announce('MESSAGE_UPDATE', found, this.state.channel(channel))
  }

  deleteMessage(channel: string, message: string): void {
    const place = this.state.channel(channel)
    this.#posts.remove(place, this.state.message(channel, message))
  }

  /** Somebody is on Discord's consent page: the address that their browser is sent to. */
  consent(user: string, authorizeUrl: string, allows = true): string {
    if (new URL(authorizeUrl).origin !== this.origin) throw new Error('that is not Discord')
    return this.oauth.consent(user, authorizeUrl, allows)
  }

  // What a person sees.

  /** The channel as this person reads it with its threads, oldest first. */
  messages(channel: string, user: string): Seen[] {
    const place = this.state.channels.get(channel)
    const threads = [...this.state.channels.values()].filter((one) => isThread(one) && one.parent === channel)
    const shown = [...(place?.messages.values() ?? []), ...threads.flatMap((one) => [...one.messages.values()])]
    return shown
      .filter(({ ephemeralTo }) => ephemeralTo === undefined || ephemeralTo === user)
      .map((one) => this.#seen(one))
  }

  /** The private conversation of somebody with the bot. */
  directOf(user: string): string {
    return direct(this.state, user).id
  }

  #seen(message: Message): Seen {
    const place = this.state.channels.get(message.channel_id)
    const all = texts(message)
    const buttons = componentsOf(message).filter((one) => one['type'] === 2)
    return {
      id: message.id,
      ...(place && isThread(place) ? { thread: place.id } : {}),
      words: all.map(plain).join('\n'),
      links: [...new Set(all.flatMap(links))],
      buttons: buttons.map((one) => ({
        label: (one['label'] ?? '') as string,
        ...(one['custom_id'] === undefined ? {} : { custom_id: one['custom_id'] as string }),
        ...(one['url'] === undefined ? {} : { url: one['url'] as string }),
        disabled: one['disabled'] === true,
      })),
      pings: pings(message),
      // Components v2 and embeds unfold nothing.
      previews: (message.flags & 4) === 0 ? previews(message.content) : [],
      markup: all.flatMap(markup),
      ephemeral: message.ephemeralTo !== undefined,
      raw: message,
    }
  }

  async #act(type: number, user: string, place: Channel, data: Json, source?: Message): Promise<Answer> {
    const copies = this.#copies
    this.#copies = 1
    const answer = await this.interactions.send(type, this.state.user(user), place, data, source, copies)
    if (answer.kind === 9 && answer.data) this.#modals.set(user, answer.data)
    return answer
  }

  #place(user: string, id: string): Channel {
    const channel = this.state.channel(id)
    if (channel.guild === undefined) {
      if (channel.recipient !== user) throw new Error('that is somebody else’s conversation')
      return channel
    }
    const guild = this.state.guild(channel.guild)
    if (!(this.state.allowed(guild, user, channel) & permissions.VIEW_CHANNEL))
      throw new Error(`${user} sees no such channel`)
    return channel
  }

  #mustMay(user: string, place: Channel, command: Json): void {
    const needed = command['default_member_permissions'] as string | null
    if (place.guild === undefined || needed === null) return
    const have = this.state.allowed(this.state.guild(place.guild), user, place)
    if ((have & BigInt(needed)) !== BigInt(needed)) throw new Error(`/${command['name']} is hidden from ${user}`)
  }

  #visible(user: string, place: Channel, id: string): Message {
    const message = place.messages.get(id)
    if (!message || (message.ephemeralTo !== undefined && message.ephemeralTo !== user))
      throw new Error(`${user} sees no such message`)
    return message
  }
}

const componentsOf = ({ components }: Message): Json[] =>
  components.flatMap((one, index) => within(one, String(index))).map(([, one]) => one)

const botRights: readonly Permission[] = [
  'VIEW_CHANNEL',
  'SEND_MESSAGES',
  'EMBED_LINKS',
  'READ_MESSAGE_HISTORY',
  'CREATE_PUBLIC_THREADS',
  'SEND_MESSAGES_IN_THREADS',
  'MANAGE_ROLES',
]
const sum = (names: readonly Permission[]): bigint => names.reduce((all, name) => all | permissions[name], 0n)
const memberRights = sum([
  'VIEW_CHANNEL',
  'SEND_MESSAGES',
  'READ_MESSAGE_HISTORY',
  'SEND_MESSAGES_IN_THREADS',
  'CREATE_PUBLIC_THREADS',
])
const joinedAt = (): string => new Date().toISOString()
