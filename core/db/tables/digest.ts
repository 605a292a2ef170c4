import type { ColumnType, Generated, Selectable } from 'kysely'

/** What a digest can be made of. */
export type SectionName = 'due' | 'decided' | 'power' | 'tasks'

type Created = ColumnType<Date, Date | string | undefined, never>
type Moment = ColumnType<Date, Date, Date>

export type DigestTables = {
  /** The digest of a channel, one at most. */
  digest: {
    platform: string
    channel: string
    server: string | null
    /** Null is every DAO that the channel hears of at that time. */
    daos: string[] | null
    sections: SectionName[]
    /** The schedule as it was typed, and as a cron expression in the digest's zone. */
    said: string
    cron: string
    zone: string
    created_by: string
    created_at: Created
    /** Up to when the last digest told: what came later is in the next one, however long nobody rang. */
    last_at: Moment
    next_at: Moment
    skip_next: Generated<boolean>
  }
}

export type DigestRow = Selectable<DigestTables['digest']>
