import { ChannelType, Routes, type APIChannel, type APIGuildChannel, type APIThreadChannel } from 'discord.js'
import type { Channel, Context } from '../../core/index.ts'
import type { Api } from './api.ts'

const directMs = 7 * 86_400_000
const aboutMs = 10 * 60_000

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

/** What Discord says of a channel, kept for some minutes. */
export async function aboutChannel(ctx: Pick<Context, 'kv'>, api: Api, id: string): Promise<About> {
  const kv = ctx.kv('discord')
  const kept = (await kv.get(`about/${id}`)) as About | undefined
  if (kept) return kept
  const channel = await api.call<APIChannel>('GET', Routes.channel(id))
  const about: About = {
    id,
    type: channel.type,
    guild: (channel as APIGuildChannel).guild_id,
    parent: (channel as APIThreadChannel).parent_id ?? undefined,
    tags: 'available_tags' in channel ? channel.available_tags.map(({ id: tag, name }) => ({ id: tag, name })) : [],
  }
  await kv.set(`about/${id}`, about, aboutMs)
  return about
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
