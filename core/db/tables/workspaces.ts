import type { ColumnType } from 'kysely'

export type WorkspaceTables = {
  /** A workspace that installed AutoCo by itself, with the key that it gave us, encrypted. */
  workspace: {
    platform: string
    id: string
    name: string
    /** The account by which AutoCo speaks there. */
    bot: string
    sealed_token: string
    scopes: string
    installed_by: string
    installed_at: ColumnType<Date, Date | string | undefined, Date | string>
  }
}
