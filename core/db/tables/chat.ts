import type { ColumnType, Generated, Selectable } from 'kysely'

type Created = ColumnType<Date, Date | string | undefined, never>

export type ChatTables = {
  /** A platform event, inserted before its acknowledgement; a second insert is a duplicate delivery. */
  inbox: { key: string; platform: string; call: ColumnType<unknown, string, string>; received_at: Created; done_at: Date | null }
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
    state: ColumnType<'planned' | 'sending' | 'sent' | 'gone', 'planned' | 'sending' | 'sent' | 'gone', 'planned' | 'sending' | 'sent' | 'gone'>
    ref: ColumnType<unknown, string | null, string | null>
    attempts: Generated<number>
    updated_at: ColumnType<Date, Date | string | undefined, Date | string>
  }
  /** What people say in a proposal's thread, heard for the summary. Deleting a message deletes it here. */
  message: {
    platform: string
    channel: string
    id: string
    proposal_id: string | null
    author_id: string
    author: string
    text: string
    url: string | null
    at: ColumnType<Date, Date | string, Date | string>
    edited_at: ColumnType<Date | null, Date | string | null | undefined, Date | string | null>
  }
}

export type EffectRow = Selectable<ChatTables['effect']>
export type MessageRow = Selectable<ChatTables['message']>
