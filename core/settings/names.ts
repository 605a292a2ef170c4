import type { LifeEvent } from '../db/tables/settings.ts'

/** What a channel may hear of, one switch each. */
export type EventName = LifeEvent | 'power'
export const events = ['new', 'ending', 'result', 'queued', 'executed', 'power'] as const satisfies readonly EventName[]

/** The languages that cards can be read in, each in its own name. */
export const languages = { en: 'English', de: 'Deutsch', es: 'Español', fr: 'Français' } as const
export type Language = keyof typeof languages

export type SettingName = EventName | 'reminders' | 'zone' | 'language' | 'quiet'
