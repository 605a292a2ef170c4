import { sql, type Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table role_rule (
      platform text not null, server text not null, role text not null,
      kind text not null, dao_id bigint references dao on delete cascade, at_least text not null,
      created_by text not null, created_at timestamptz not null default now(),
      problem text, ended boolean not null default false,
      primary key (platform, server, role)
    );
    create table role_holder (
      platform text not null, server text not null, role text not null, user_id text not null,
      has boolean not null, below_since timestamptz, checked_at timestamptz not null,
      primary key (platform, server, role, user_id),
      foreign key (platform, server, role) references role_rule on delete cascade
    );
  `.execute(db)
}
