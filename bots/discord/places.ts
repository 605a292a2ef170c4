import {
  ChannelType,
  GatewayDispatchEvents,
  Routes,
  type APIChannel,
  type APIGuildChannel,
  type APIThreadChannel,
  type GatewayDispatchPayload,
} from 'discord.js'
import type { Channel, Context } from '../../core/index.ts'
import type { Api } from './api.ts'

const directMs = 7 * 86_400_000

const threads = new Set<ChannelType>([
  ChannelType.PublicThread,
  ChannelType.PrivateThread,
  ChannelType.AnnouncementThread,
])
export const isThread = (type: ChannelType): boolean => threads.has(type)
export const isForum = (type: ChannelType): boolean =>
  type === ChannelType.GuildForum || type === ChannelType.GuildMedia

export type About = {
  id: string
  type: ChannelType
  guild: string | undefined
  parent: string | undefined
  tags: Tag[]
}
type Tag = { id: string; name: string }

export type Places = {
  /** What Discord says of a channel. */
  about(id: string): Promise<About>
  /** Events tell of channels before anybody asks. */
  hear(event: GatewayDispatchPayload): void
}

export function createPlaces(api: Api): Places {
  const known = new Map<string, About>()
  const asked = new Map<string, Promise<About>>()
  const keep = (channel: APIChannel, guild?: string): About => {
    const about: About = {
      id: channel.id,
      type: channel.type,
      guild: (channel as APIGuildChannel).guild_id ?? guild,
      parent: (channel as APIThreadChannel).parent_id ?? undefined,
      tags: 'available_tags' in channel ? channel.available_tags.map(({ id, name }) => ({ id, name })) : [],
    }
    known.set(channel.id, about)
    return about
  }
  return {
    async about(id) {
      const about = known.get(id)
      if (about) return about
      // Many may ask at once for the same.
      const asking =
        asked.get(id) ??
        api
          .call<APIChannel>('GET', Routes.channel(id))
          .then((channel) => keep(channel))
          .finally(() => asked.delete(id))
      asked.set(id, asking)
      return await asking
    },
    hear(event) {
      switch (event.t) {
        case GatewayDispatchEvents.GuildCreate:
          for (const channel of [...event.d.channels, ...event.d.threads]) keep(channel, event.d.id)
          return
        case GatewayDispatchEvents.ChannelCreate:
        case GatewayDispatchEvents.ChannelUpdate:
        case GatewayDispatchEvents.ThreadCreate:
        case GatewayDispatchEvents.ThreadUpdate:
          keep(event.d)
          return
        case GatewayDispatchEvents.ChannelDelete:
        case GatewayDispatchEvents.ThreadDelete:
          known.delete(event.d.id)
          return
        default:
      }
    },
  }
}

/** The channel of a private conversation: the person's own. */
export async function directChannel(ctx: Pick<Context, 'kv'>, api: Api, { id }: Channel): Promise<string> {
  const kv = ctx.kv('discord')
  const user = id.slice(1)
  const kept = (await kv.get(`direct/${user}`)) as string | undefined
  if (kept) return kept
  const opened = await api.call<{ id: string }>('POST', Routes.userChannels(), { body: { recipient_id: user } })
  await kv.set(`direct/${user}`, opened.id, directMs)
  return opened.id
}
