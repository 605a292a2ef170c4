import { sql, type Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table dao (
      id bigint generated always as identity primary key, slug text not null unique, name text not null,
      chain_id integer not null, address text not null, kind text not null, token text, timelock text,
      clock text not null, domain_name text not null, domain_version text not null, probe jsonb not null,
      from_block numeric not null, quiet_until numeric not null default 0,
      created_at timestamptz not null default now(), unique (chain_id, address)
    );
    create table subscription (
      dao_id bigint not null references dao on delete cascade, platform text not null, channel text not null,
      created_by text not null, created_at timestamptz not null default now(), primary key (dao_id, platform, channel)
    );
    create table proposal (
      id bigint generated always as identity primary key, dao_id bigint not null references dao on delete cascade,
      number integer not null, ref text not null unique, onchain_id numeric not null, proposer text not null,
      title text not null, description text not null, text_hash text not null, calls jsonb not null,
      snapshot numeric not null, deadline numeric not null, state text not null, stage text, eta numeric,
      against numeric not null default 0, in_favour numeric not null default 0, abstain numeric not null default 0,
      quorum numeric, tally_block numeric, final boolean not null default false, block_number numeric not null,
      block_hash text not null, tx_hash text not null, announced boolean not null default true,
      stale boolean not null default false, checked_at numeric not null default 0,
      orphaned_at timestamptz, created_at timestamptz not null default now(), unique (dao_id, onchain_id), unique (dao_id, number)
    );
    create index proposal_open on proposal (state, deadline);
    create table vote (
      proposal_id bigint not null references proposal on delete cascade, voter text not null, block_hash text not null,
      log_index integer not null, block_number numeric not null, tx_hash text not null, support smallint not null,
      weight numeric not null, reason text not null, orphaned_at timestamptz, primary key (block_hash, log_index)
    );
    create index vote_voter on vote (proposal_id, voter);
    create view counted_vote as
      select distinct on (proposal_id, voter) * from vote where orphaned_at is null
      order by proposal_id, voter, block_number desc, log_index desc;
  `.execute(db)
}
