import { sql, type Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table summary (
      subject text primary key, text_hash text not null, prompt_hash text not null, model text not null,
      summary jsonb not null, created_at timestamptz not null default now()
    );
    create table ai_spent (
      day text not null, model text not null, tokens bigint not null, primary key (day, model)
    );
  `.execute(db)
}
