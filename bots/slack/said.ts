import { z } from 'zod'
import type { Happening } from '../../core/index.ts'

const message = z.object({
  type: z.literal('message'),
  subtype: z.string().optional(),
  channel: z.string(),
  channel_type: z.string().optional(),
  user: z.string().optional(),
  bot_id: z.string().optional(),
  text: z.string().optional(),
  ts: z.string(),
  thread_ts: z.string().optional(),
  deleted_ts: z.string().optional(),
  message: z
    .object({
      user: z.string().optional(),
      bot_id: z.string().optional(),
      text: z.string().optional(),
      ts: z.string(),
      thread_ts: z.string().optional(),
    })
    .optional(),
})
const envelope = z.object({ team_id: z.string(), event_id: z.string(), event: z.looseObject({ type: z.string() }) })

/** What somebody said, changed or took back in a channel; undefined for everything else, and for what bots say. */
export function saidIn(body: unknown): Happening | undefined {
  const outer = envelope.safeParse(body)
  if (!outer.success) return undefined
  const { team_id: team, event_id, event } = outer.data
  const inner = message.safeParse(event)
  if (!inner.success || inner.data.channel_type === 'im') return undefined
  const { data } = inner
  const key = `slack/${event_id}`
  const place = { platform: 'slack', channel: `${team}/${data.channel}` }
  if (data.subtype === 'message_deleted' && data.deleted_ts !== undefined)
    return { key, type: 'forgot', message: { ...place, id: data.deleted_ts } }
  const told = data.subtype === 'message_changed' ? data.message : data
  const isPlain = [undefined, 'message_changed', 'thread_broadcast', 'me_message'].includes(data.subtype)
  if (!isPlain || !told?.user || told.bot_id !== undefined || !told.text) return undefined
  const said = {
    ...place,
    id: told.ts,
    thread: told.thread_ts === told.ts ? undefined : told.thread_ts,
    author: told.user,
    authorId: told.user,
    text: readable(told.text),
    at: Math.round(Number(told.ts) * 1_000),
  }
  return { key, type: 'said', said }
}

const lost = {
  left: 'AutoCo was taken out of the channel',
  deleted: 'the channel was deleted',
  archive: 'the channel is archived',
}
export type Lost = { what: 'lost'; channel: string; reason: string }

/** A channel that is over for AutoCo. */
export function lostIn(body: unknown): Happening | undefined {
  const outer = envelope.safeParse(body)
  const [, how] = /^(?:channel|group)_(left|deleted|archive)$/.exec(outer.data?.event.type ?? '') ?? []
  const channel = outer.data?.event['channel']
  if (!outer.success || how === undefined || typeof channel !== 'string') return undefined
  const { team_id: team, event_id } = outer.data
  const data: Lost = { what: 'lost', channel: `${team}/${channel}`, reason: lost[how as keyof typeof lost] }
  return { key: `slack/${event_id}`, type: 'other', data }
}

/** `<@U…>` and `<https://…|words>` as a person reads them. */
export const readable = (text: string): string =>
  text
    .replaceAll(
      /<([@#!])([^<>|]+)(?:\|([^<>]*))?>/g,
      (_, sign: string, id: string, label?: string) => label ?? `${sign}${id}`,
    )
    .replaceAll(/<([^<>|]+)\|([^<>]+)>/g, '$2')
    .replaceAll(/<([^<>]+)>/g, '$1')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
