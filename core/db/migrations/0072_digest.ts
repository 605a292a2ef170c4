import { sql, type Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table digest (
      platform text not null, channel text not null, server text,
      daos bigint[], sections text[] not null, said text not null, cron text not null, zone text not null,
      created_by text not null, created_at timestamptz not null default now(),
      last_at timestamptz not null, next_at timestamptz not null, skip_next boolean not null default false,
      primary key (platform, channel)
    );
    create index digest_due on digest (next_at);
  `.execute(db)
}
