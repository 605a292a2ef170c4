import { sql, type Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table delegate_statement (
      dao_id bigint not null references dao, address text not null, text text not null,
      updated_at timestamptz not null default now(), primary key (dao_id, address)
    );
  `.execute(db)
}
