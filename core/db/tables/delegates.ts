import type { ColumnType } from 'kysely'

export type DelegateTables = {
  /** What a delegate says of themselves to those who may delegate, for everyone to read. */
  delegate_statement: {
    dao_id: string
    address: string
    text: string
    updated_at: ColumnType<Date, Date | undefined, Date>
  }
}
