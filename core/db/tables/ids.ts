import type { ColumnType } from 'kysely'

export type IdTables = {
  /** What an agent may do, in words; the registry of Auto IDs holds its hash. */
  mandate: {
    hash: string
    text: string
    /** Whose wallet gave it, so that it can be forgotten with them. */
    wallet: string
    created_at: ColumnType<Date, Date | undefined, never>
  }
}
