import { GatewayDispatchEvents, MessageType, type APIMessage, type GatewayDispatchPayload } from 'discord.js'
import type { Happening } from '../../core/index.ts'
import { isThread, type Places } from './places.ts'

const spoken = new Set<MessageType>([MessageType.Default, MessageType.Reply])

/** What people say, change and take back; undefined for everything else, and for what bots say. */
export async function saidIn(places: Places, event: GatewayDispatchPayload): Promise<Happening | undefined> {
  if (event.t === GatewayDispatchEvents.MessageDelete) {
    if (event.d.guild_id === undefined) return undefined
    const { channel } = await placeOf(places, event.d.channel_id)
    const key = `discord:gone:${event.d.id}`
    return { key, type: 'forgot', message: { platform: 'discord', channel, id: event.d.id } }
  }
  const isMessage = event.t === GatewayDispatchEvents.MessageCreate || event.t === GatewayDispatchEvents.MessageUpdate
  if (!isMessage || event.d.guild_id === undefined) return undefined
  const message = event.d as Partial<APIMessage> & Pick<APIMessage, 'id' | 'channel_id'>
  const { author, content, edited_timestamp: edited } = message
  if (!author || author.bot || !content || (message.type !== undefined && !spoken.has(message.type))) return undefined
  const { channel, thread } = await placeOf(places, message.channel_id)
  return {
    key: `discord:${message.id}:${edited ?? ''}`,
    type: 'said',
    said: {
      platform: 'discord',
      channel,
      thread,
      id: message.id,
      author: author.global_name ?? author.username,
      authorId: author.id,
      text: content,
      at: Date.parse(edited ?? message.timestamp ?? new Date().toISOString()),
      url: `https://discord.com/channels/${event.d.guild_id}/${message.channel_id}/${message.id}`,
    },
  }
}

/** A thread belongs to its channel. */
async function placeOf(places: Places, id: string): Promise<{ channel: string; thread: string | undefined }> {
  const about = await places.about(id)
  return isThread(about.type) ? { channel: about.parent ?? id, thread: id } : { channel: id, thread: undefined }
}
