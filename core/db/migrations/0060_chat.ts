import { sql, type Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table inbox (
      key text primary key, platform text not null, event jsonb not null, received_at timestamptz not null default now(),
      leased_until timestamptz, done_at timestamptz
    );
    create index inbox_undone on inbox (platform, leased_until) where done_at is null;
    create index inbox_received on inbox (received_at);
    create table effect (
      key text primary key, platform text not null, channel text not null, under text, view jsonb not null,
      wanted_hash text not null, shown_hash text, state text not null default 'planned', ref jsonb,
      attempts integer not null default 0, leased_until timestamptz, updated_at timestamptz not null default now()
    );
    create index effect_place on effect (platform, channel);
    create index effect_undone on effect (updated_at) where state <> 'gone' and shown_hash is distinct from wanted_hash;
    create table message (
      platform text not null, channel text not null, id text not null, proposal_id bigint references proposal on delete cascade,
      author_id text not null, author text not null, text text not null, url text, at timestamptz not null, edited_at timestamptz,
      primary key (platform, channel, id)
    );
    create index message_proposal on message (proposal_id, at);
  `.execute(db)
}
