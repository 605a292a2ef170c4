import { sql, type Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table workspace (
      platform text not null, id text not null, name text not null, bot text not null, sealed_token text not null,
      scopes text not null, installed_by text not null, installed_at timestamptz not null default now(),
      primary key (platform, id)
    );
  `.execute(db)
}
