import type { ColumnType, Generated, Selectable } from 'kysely'

/** The steps of a proposal's life that a channel may hear of. */
export type LifeEvent = 'new' | 'ending' | 'result' | 'queued' | 'executed'

type Created = ColumnType<Date, Date | string | undefined, never>

export type SettingsTables = {
  /** What somebody who manages a channel chose; a row without a DAO is for all of them. What is not here is as usual. */
  channel_setting: { platform: string; channel: string; dao_id: string | null; name: string; value: string }
  /** Who changed what in a channel, in words. Nobody is named where AutoCo itself did it, or who did it was erased. */
  channel_audit: {
    id: Generated<string>
    at: Created
    platform: string
    channel: string
    server: string | null
    workspace: string | null
    user_id: string | null
    name: string | null
    event: string
    detail: string
  }
  /** When a step of a proposal's life happened, by the chain, and when it was first seen here. */
  life_event: {
    proposal_id: string
    event: LifeEvent
    happened_at: ColumnType<Date, Date, Date>
    noticed_at: Created
  }
}

export type ChannelAuditRow = Selectable<SettingsTables['channel_audit']>
