/** What a channel may hear of, one switch each. */
export const events = ['new', 'ending', 'result', 'queued', 'executed', 'power'] as const
export type EventName = (typeof events)[number]

/** Those that are steps of a proposal's life. */
export type LifeEvent = Exclude<EventName, 'power'>
