import { sql, type Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table kv (ns text not null, k text not null, v text not null, expires timestamptz, primary key (ns, k));
    create index kv_expires on kv (expires) where expires is not null;
  `.execute(db)
}
