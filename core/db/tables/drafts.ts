import type { ColumnType, Generated, Selectable } from 'kysely'

type Json = ColumnType<unknown, string | undefined, string>
type Created = ColumnType<Date, Date | string | undefined, never>

export type DraftTables = {
  /** A proposal that is being written in chat; its person alone sees it until a wallet of theirs puts it on the chain. */
  proposal_draft: {
    id: Generated<string>
    person_id: string
    dao_id: string
    title: string
    /** Without what is collected from the discussion, which is read anew each time. */
    text: Generated<string>
    /** `[{ target, value, data }]` */
    calls: Json
    /** Where people may mark messages for it; nowhere for a draft that was not begun in a discussion. */
    platform: string | null
    channel: string | null
    /** The proposal whose discussion it goes on from. */
    about_id: string | null
    /** keccak256 of the description as it was put before a wallet last. */
    text_hash: string | null
    created_at: Created
    updated_at: ColumnType<Date, Date | undefined, Date>
  }
}

export type DraftRow = Selectable<DraftTables['proposal_draft']>
