import { sql, type Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table part (
      chain_id integer not null, address text not null, dao_id bigint not null references dao on delete cascade,
      role text not null, quiet_until numeric not null, created_at timestamptz not null default now(),
      primary key (chain_id, address)
    );
  `.execute(db)
}
