import type { ColumnType } from 'kysely'

type Created = ColumnType<Date, Date | string | undefined, never>
type When = ColumnType<Date | null, Date | null | undefined, Date | null>

export type ReminderTables = {
  /** What the owner of an account said about private messages: nothing is known of who has no row. */
  messaging: {
    platform: string
    workspace: string
    user_id: string
    /** Null is neither yes nor no. */
    wanted: ColumnType<boolean | null, boolean | null | undefined, boolean | null>
    /** Until then no reminders at all. */
    snoozed_until: When
    /** IANA; reminders keep out of the night there. */
    zone: ColumnType<string | null, string | null | undefined, string | null>
    /** The account that was chosen last is the one that is reminded. */
    chosen_at: ColumnType<Date, Date, Date>
  }
  /** A reminder that was sent, one a person and mark; it is edited when there is nothing to remind of any more. */
  reminder: {
    proposal_id: string
    person_id: string
    /** At how many percent of the time to vote; a snoozed one comes back under a mark of its own. */
    mark: number
    platform: string
    channel: string
    sent_at: Created
    ended: ColumnType<'voted' | 'over' | 'snoozed' | null, undefined, 'voted' | 'over' | 'snoozed' | null>
  }
  /** The same for what is voted on otherwise: by the name of its kind. */
  decision_reminder: {
    kind: string
    decision_id: string
    person_id: string
    mark: number
    platform: string
    channel: string
    sent_at: Created
    ended: ColumnType<'voted' | 'over' | null, undefined, 'voted' | 'over' | null>
  }
  /** One proposal that a person put off: reminded of once more after that. */
  reminder_snooze: { proposal_id: string; person_id: string; until: ColumnType<Date, Date, Date> }
}
