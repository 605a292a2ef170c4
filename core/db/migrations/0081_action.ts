import { sql, type Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table action (
      id text primary key, wallet text not null,
      platform text not null, workspace text not null, user_id text not null, channel text not null, title text not null, about text not null, rows jsonb not null,
      next jsonb not null, expires_at timestamptz not null, created_at timestamptz not null default now()
    );
    create table action_step (
      action_id text not null references action on delete cascade, number integer not null, kind text not null,
      label text not null, "to" text not null, data text, value numeric not null default 0, typed_data jsonb, relay jsonb,
      state text not null default 'open', reason text, intent_id bigint references intent, tx_hash text,
      block_number numeric, sent_at timestamptz, primary key (action_id, number)
    );
    create index action_step_waiting on action_step (state) where state in ('accepted', 'sent');
  `.execute(db)
}
