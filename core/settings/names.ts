/** What a channel may hear of, one switch each. */
export const events = ['new', 'ending', 'result', 'queued', 'executed', 'power'] as const
export type EventName = (typeof events)[number]

/** Those that are steps of a proposal's life. */
export type LifeEvent = Exclude<EventName, 'power'>

/** The languages that cards can be read in, each in its own name. */
export const languages = { en: 'English', de: 'Deutsch', es: 'Español', fr: 'Français' } as const
export type Language = keyof typeof languages

export type SettingName = EventName | 'reminders' | 'zone' | 'language' | 'quiet'
