import type { LifeEvent } from '../db/tables/settings.ts'

/** What a channel may hear of, one switch each. */
export type EventName = LifeEvent | 'power'
export const events = ['new', 'ending', 'result', 'queued', 'executed', 'power'] as const satisfies readonly EventName[]

export type SettingName = EventName | 'reminders' | 'zone' | 'language' | 'quiet'
