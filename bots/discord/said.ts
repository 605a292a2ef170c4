import { GatewayDispatchEvents, MessageType, type APIMessage, type GatewayDispatchPayload } from 'discord.js'
import type { Happening } from '../../core/index.ts'
import { isThread, type Places } from './places.ts'
import { problemOf } from './problem.ts'

const spoken = new Set<MessageType>([MessageType.Default, MessageType.Reply])

/** What people say, change and take back, each with the channel that it was said in; what bots say is nothing. */
export function saidIn(event: GatewayDispatchPayload): Happening[] {
  if (event.t === GatewayDispatchEvents.MessageDelete || event.t === GatewayDispatchEvents.MessageDeleteBulk) {
    const { guild_id: guild, channel_id: channel } = event.d
    if (guild === undefined) return []
    const ids = event.t === GatewayDispatchEvents.MessageDelete ? [event.d.id] : event.d.ids
    return ids.map((id) => ({
      key: `discord:gone:${id}`,
      type: 'forgot',
      message: { platform: 'discord', channel, id },
    }))
  }
  const isMessage = event.t === GatewayDispatchEvents.MessageCreate || event.t === GatewayDispatchEvents.MessageUpdate
  if (!isMessage || event.d.guild_id === undefined) return []
  const message = event.d as Partial<APIMessage> & Pick<APIMessage, 'id' | 'channel_id'>
  const { author, content, edited_timestamp: edited } = message
  if (!author || author.bot || !content || (message.type !== undefined && !spoken.has(message.type))) return []
  return [
    {
      key: `discord:${message.id}:${edited ?? ''}`,
      type: 'said',
      said: {
        platform: 'discord',
        channel: message.channel_id,
        id: message.id,
        author: author.global_name ?? author.username,
        authorId: author.id,
        text: content,
        at: Date.parse(edited ?? message.timestamp ?? new Date().toISOString()),
        url: `https://discord.com/channels/${event.d.guild_id}/${message.channel_id}/${message.id}`,
      },
    },
  ]
}

/** A thread belongs to its channel. */
export async function locate(places: Places, id: string): Promise<{ channel: string; thread?: string }> {
  try {
    const about = await places.about(id)
    return isThread(about.type) ? { channel: about.parent ?? id, thread: id } : { channel: id }
  } catch (error) {
    throw problemOf(error)
  }
}
