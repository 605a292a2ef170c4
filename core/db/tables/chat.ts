import type { ColumnType, Generated, RawBuilder, Selectable } from 'kysely'

type Created = ColumnType<Date, Date | string | undefined, never>

export type ChatTables = {
  /** A platform event, inserted before its acknowledgement; a second insert is a duplicate delivery. */
  inbox: {
    key: string
    platform: string
    /** What happened, with what the platform needs to answer it; emptied of that once it is done. */
    event: ColumnType<unknown, string, string>
    received_at: Created
    /** Until then a worker is at it; later than that, it died and another one takes over. */
    leased_until: ColumnType<Date | null, Date | null | undefined, Date | null>
    done_at: ColumnType<Date | null, Date | null | undefined, Date | null>
  }
  /** The outbox: one message AutoCo shows somewhere, edited in place. Written with the fact that causes it. */
  effect: {
    key: string
    platform: string
    channel: string
    /** Key of the effect this one hangs under (a thread), if any. */
    under: string | null
    view: ColumnType<unknown, string, string>
    /** sha256 of the view that should be shown, and of the one that is. */
    wanted_hash: string
    shown_hash: string | null
    state: ColumnType<
      'planned' | 'sending' | 'sent' | 'gone',
      'planned' | 'sending' | 'sent' | 'gone',
      'planned' | 'sending' | 'sent' | 'gone'
    >
    ref: ColumnType<unknown, string | null, string | null>
    attempts: Generated<number>
    /** Until then one worker is at it: two must not send or edit the same message at once. */
    leased_until: ColumnType<Date | null, Date | null | undefined, Date | null>
    /** The wait that the platform asked for: until then the message is not even tried. */
    not_before: ColumnType<Date | null, Date | null | undefined, Date | null>
    updated_at: ColumnType<Date, Date | string | undefined, Date | string>
  }
  /** What people say in a proposal's thread, heard for the summary, or mark for a draft. Deleting a message deletes it here. */
  message: {
    platform: string
    channel: string
    id: string
    proposal_id: string | null
    draft_id: ColumnType<string | null, string | null | undefined, string | null>
    /** What it is about where that is no proposal: `<kind>/<id>`, such as `poll/3`. */
    decision: ColumnType<string | null, string | null | undefined, string | null>
    author_id: string
    author: string
    text: string
    url: string | null
    at: ColumnType<Date, Date | string, Date | string>
    edited_at: ColumnType<Date | null, Date | string | null | undefined, Date | string | null>
  }
  /** The playground's own chat: what Discord or Slack would keep for themselves. */
  playground_channel: { id: string; topic: string; created_at: Created }
  /** Someone to be in the playground; `secret` is the key of a test wallet that was made for a new person. */
  playground_person: { id: string; name: string; address: string | null; secret: string | null; created_at: Created }
  playground_message: {
    id: Generated<string>
    /** Names a message that AutoCo sends, so that sending it twice is sending it once. */
    key: string | null
    /** A channel, or `@<person>` for the private conversation with that person. */
    channel: string
    /** The message that the thread hangs under. */
    thread: string | null
    /** Who said it; null is AutoCo. */
    person: string | null
    /** Only this person sees it; null is everyone in the channel. */
    visible_to: string | null
    /** `Alice used /vote` */
    asked: string | null
    text: string | null
    view: ColumnType<unknown, string | null, string | null>
    /** Grows with every change, so that a stream can go on where it broke off. */
    version: ColumnType<string, string | undefined, RawBuilder<string> | string>
    at: Created
    edited_at: ColumnType<Date | null, Date | null | undefined, Date | null>
    deleted_at: ColumnType<Date | null, Date | null | undefined, Date | null>
  }
}

export type EffectRow = Selectable<ChatTables['effect']>
export type PlaygroundMessageRow = Selectable<ChatTables['playground_message']>
