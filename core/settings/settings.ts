import type { Db, Trx } from '../context.ts'
import type { Channel } from '../platform.ts'
import type { Language } from '../words/languages.ts'
import { events, type EventName, type SettingName } from './names.ts'
import type { Quiet } from './quiet.ts'
import { settingNames, specs } from './specs.ts'

/** How a channel wants to be spoken to; of one DAO where it was asked so. */
export type ChannelSettings = {
  events: Record<EventName, boolean>
  /** At how many percent of the time to vote people are reminded; none when reminders are off. */
  reminders: number[]
  zone: string
  lang: Language
  quiet: Quiet | undefined
}

/** What is kept of each setting, as text: the DAO's own, else the channel's, else the usual. */
export type RawSettings = Record<SettingName, string>

type Place = Pick<Channel, 'platform' | 'id'>

/** The settings of one channel. */
export async function settingsOf(
  ctx: { db: Db | Trx },
  { channel, daoId }: { channel: Place; daoId?: string | undefined },
): Promise<ChannelSettings> {
  return (await settingsOfAll(ctx, { channels: [channel], daoId }))(channel)
}

/** The settings of many channels by one query. */
export async function settingsOfAll(
  ctx: { db: Db | Trx },
  params: { channels: readonly Place[]; daoId?: string | undefined },
): Promise<(channel: Place) => ChannelSettings> {
  const raw = await rawSettingsOfAll(ctx, params)
  return (channel) => understood(raw(channel))
}

/** Whether this channel wants to hear of that in this DAO. */
export async function channelWants(
  ctx: { db: Db | Trx },
  { channel, daoId, event }: { channel: Place; daoId: string; event: EventName },
): Promise<boolean> {
  return (await settingsOf(ctx, { channel, daoId })).events[event]
}

export async function rawSettingsOfAll(
  ctx: { db: Db | Trx },
  { channels, daoId }: { channels: readonly Place[]; daoId?: string | undefined },
): Promise<(channel: Place) => RawSettings> {
  if (channels.length === 0) return () => usual
  const rows = await ctx.db
    .selectFrom('channel_setting')
    .selectAll()
    .where('platform', 'in', [...new Set(channels.map(({ platform }) => platform))])
    .where('channel', 'in', [...new Set(channels.map(({ id }) => id))])
    .where((eb) => eb.or([eb('dao_id', 'is', null), ...(daoId === undefined ? [] : [eb('dao_id', '=', daoId)])]))
    // The DAO's own come last and win.
    .orderBy('dao_id', (order) => order.asc().nullsFirst())
    .execute()
  const chosen = new Map<string, Partial<RawSettings>>()
  for (const { platform, channel, name, value } of rows) {
    const key = keyOf({ platform, id: channel })
    chosen.set(key, { ...chosen.get(key), [name]: value })
  }
  return (channel) => ({ ...usual, ...chosen.get(keyOf(channel)) })
}

const keyOf = ({ platform, id }: Place): string => `${platform}/${id}`

const usual = Object.fromEntries(settingNames.map((name) => [name, specs[name].usual])) as RawSettings

function understood(raw: RawSettings): ChannelSettings {
  return {
    events: Object.fromEntries(events.map((name) => [name, raw[name] === 'on'])) as Record<EventName, boolean>,
    reminders: raw.reminders === 'off' ? [] : raw.reminders.split(',').map(Number),
    zone: raw.zone,
    lang: raw.language as Language,
    quiet: raw.quiet === 'off' ? undefined : quietOf(raw.quiet),
  }
}

function quietOf(value: string): Quiet {
  const [from = 0, to = 0] = value.split('-').map((clock) => {
    const [hours = 0, minutes = 0] = clock.split(':').map(Number)
    return hours * 60 + minutes
  })
  return { from, to }
}
