import { sql, type Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table mandate (
      hash text primary key, text text not null, wallet text not null, created_at timestamptz not null default now()
    );
    alter table action_step add column signer text;
  `.execute(db)
}
