import type { Json } from './json.ts'
import { refuse } from './refusal.ts'

export type User = { id: string; username: string; global_name: string; bot?: boolean; dmsClosed?: boolean }
export type Member = { user: User; roles: string[]; joined_at: string }
export type Role = { id: string; name: string; permissions: bigint; position: number }
export type Overwrite = { id: string; type: 0 | 1; allow: bigint; deny: bigint }

export type Guild = {
  id: string
  name: string
  owner: string
  roles: Map<string, Role>
  members: Map<string, Member>
}

export type Channel = {
  id: string
  type: number
  guild?: string
  name: string
  parent?: string
  overwrites: Overwrite[]
  /** The two people of a private conversation. */
  recipient?: string
  tags: { id: string; name: string; moderated: boolean }[]
  applied: string[]
  owner?: string
  archived: boolean
  locked: boolean
  messages: Map<string, Message>
}

export type Message = Json & {
  id: string
  channel_id: string
  author: User
  content: string
  embeds: Json[]
  components: Json[]
  attachments: Json[]
  mentions: User[]
  flags: number
  /** Only this person sees it. */
  ephemeralTo?: string
  nonce?: string | number
}

export const channelTypes = { text: 0, dm: 1, announcement: 5, thread: 11, forum: 15 } as const

export const permissions = {
  ADMINISTRATOR: 1n << 3n,
  MANAGE_CHANNELS: 1n << 4n,
  MANAGE_GUILD: 1n << 5n,
  VIEW_CHANNEL: 1n << 10n,
  SEND_MESSAGES: 1n << 11n,
  MANAGE_MESSAGES: 1n << 13n,
  EMBED_LINKS: 1n << 14n,
  ATTACH_FILES: 1n << 15n,
  READ_MESSAGE_HISTORY: 1n << 16n,
  MENTION_EVERYONE: 1n << 17n,
  MANAGE_ROLES: 1n << 28n,
  MANAGE_THREADS: 1n << 34n,
  CREATE_PUBLIC_THREADS: 1n << 35n,
  SEND_MESSAGES_IN_THREADS: 1n << 38n,
} as const

export type Permission = keyof typeof permissions

const everything = (1n << 50n) - 1n
const epoch = 1420070400000n

/** Everything that Discord would know. */
export class State {
  readonly users = new Map<string, User>()
  readonly guilds = new Map<string, Guild>()
  readonly channels = new Map<string, Channel>()
  readonly application: string
  readonly bot: User
  #sequence = 0n

  constructor() {
    this.application = this.id()
    this.bot = { id: this.application, username: 'autoco', global_name: 'AutoCo', bot: true }
    this.users.set(this.bot.id, this.bot)
  }

  /** A snowflake; later ones are greater. */
  id(): string {
    this.#sequence += 1n
    return (((BigInt(Date.now()) - epoch) << 22n) + this.#sequence).toString()
  }

  guild(id: string): Guild {
    const guild = this.guilds.get(id)
    if (!guild) throw refuse(10004)
    return guild
  }

  channel(id: string): Channel {
    const channel = this.channels.get(id)
    if (!channel) throw refuse(10003)
    return channel
  }

  message(channel: string, id: string): Message {
    const message = this.channel(channel).messages.get(id)
    if (!message) throw refuse(10008)
    return message
  }

  user(id: string): User {
    const user = this.users.get(id)
    if (!user) throw refuse(10013)
    return user
  }

  /** What a member may do, computed as Discord documents it: roles, then overwrites of the channel or the thread's parent. */
  allowed(guild: Guild, user: string, channel?: Channel): bigint {
    const member = guild.members.get(user)
    if (!member) return 0n
    if (guild.owner === user) return everything
    const roles = [guild.id, ...member.roles]
    let allowed = roles.reduce((sum, id) => sum | (guild.roles.get(id)?.permissions ?? 0n), 0n)
    if (allowed & permissions.ADMINISTRATOR) return everything
    const place = channel && isThread(channel) ? this.channels.get(channel.parent ?? '') : channel
    const layers = [[guild.id], member.roles, [user]]
    for (const ids of layers) {
      const found = place?.overwrites.filter((one) => ids.includes(one.id)) ?? []
      allowed &= ~found.reduce((sum, one) => sum | one.deny, 0n)
      allowed |= found.reduce((sum, one) => sum | one.allow, 0n)
    }
    return allowed
  }

  /** The bot needs these here: no sight of the channel is 50001, anything else missing 50013. */
  need(channel: Channel, ...names: Permission[]): void {
    if (!channel.guild) return
    const guild = this.guilds.get(channel.guild)
    if (!guild?.members.has(this.bot.id)) throw refuse(50001)
    const allowed = this.allowed(guild, this.bot.id, channel)
    if (!(allowed & permissions.VIEW_CHANNEL)) throw refuse(50001)
    if (names.some((name) => !(allowed & permissions[name]))) throw refuse(50013)
  }
}

export function isThread(channel: Channel): boolean {
  return channel.type === channelTypes.thread
}
