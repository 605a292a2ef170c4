import { sql, type Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table mesh_dao (
      dao_id bigint not null references dao on delete cascade, number integer not null, account text not null,
      executive text, name text not null, domains jsonb not null, primary key (dao_id, number)
    );
    create index on mesh_dao (account);
    create table mesh_domain (
      dao_id bigint not null references dao on delete cascade, id text not null, name text not null, parent text,
      primary key (dao_id, id)
    );
    create table mesh_token (
      dao_id bigint not null references dao on delete cascade, token text not null, unit numeric not null,
      primary key (dao_id, token)
    );
    create table challenge (
      id bigint generated always as identity primary key, dao_id bigint not null references dao on delete cascade,
      number integer not null, ref text not null unique, address text not null, creator text not null, token text not null,
      title text not null, text text not null, requirements jsonb not null, goal numeric not null, terms jsonb not null,
      story jsonb not null, tx_hash text not null, announced boolean not null, gone_at timestamptz,
      created_at timestamptz not null default now(), unique (dao_id, number)
    );
    create index on challenge (address);
    create table challenge_step (
      challenge_id bigint not null references challenge on delete cascade, key text not null, position integer not null,
      name text not null, args jsonb not null, happened_at numeric, announced boolean not null, gone_at timestamptz,
      noticed_at timestamptz not null default now(), primary key (challenge_id, key)
    );
    create table challenge_duty (
      challenge_id bigint not null references challenge on delete cascade, key text not null, intent_id bigint not null,
      created_at timestamptz not null default now(), primary key (challenge_id, key)
    );
    create table sealed_work (
      challenge_id bigint not null references challenge on delete cascade, commitment text not null, task integer not null,
      kind text not null, reviewer text, dao integer not null, sealed text not null, platform text, channel text,
      created_at timestamptz not null default now(), primary key (challenge_id, commitment)
    );
  `.execute(db)
}
