import type { ColumnType, Generated } from 'kysely'

export type PowerTables = {
  /** What a token logged of a delegate's votes (`DelegateVotesChanged`), from when its DAO is watched. */
  power_move: {
    block_hash: string
    log_index: number
    chain_id: number
    block_number: string
    /** The time of its block. */
    at: ColumnType<Date, Date, Date>
    tx_hash: string
    /** In lower case. */
    token: string
    delegate: string
    previous: string
    current: string
    noticed_at: ColumnType<Date, Date | undefined, never>
    /** Channels that want to hear of big moves have heard of it, or will not any more. */
    noted: Generated<boolean>
    orphaned_at: Date | null
  }
}
