import type { ColumnType, RawBuilder } from 'kysely'

export type AiTables = {
  /** The newest summary of a subject; asked again only when its text, the prompts or the model are others. */
  summary: {
    subject: string
    text_hash: string
    /** sha256 over the prompts it was made with; '' is the extract, which needs none. */
    prompt_hash: string
    /** '' is the extract. */
    model: string
    summary: ColumnType<unknown, string, string>
    created_at: ColumnType<Date, Date | string | undefined, Date | string | RawBuilder<Date>>
  }
  /** Model tokens of a day (UTC), reserved before a call and corrected after it; every process counts here. */
  ai_spent: { day: string; model: string; tokens: ColumnType<string, string | number, string | number> }
}
