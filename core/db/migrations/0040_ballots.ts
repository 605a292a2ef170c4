import { sql, type Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table draft (
      hash text primary key, proposal_id bigint not null references proposal on delete cascade,
      support smallint not null, reason text not null, offers jsonb not null default '{}', platform text not null, workspace text not null,
      user_id text not null, channel text not null, expires_at timestamptz not null, ballot_id text,
      created_at timestamptz not null default now()
    );
    create table intent (
      id bigint generated always as identity primary key, lane text not null, nonce integer not null,
      purpose text not null, dao_id bigint, "to" text not null, data text not null, gas numeric not null,
      state text not null default 'open', block_number numeric, block_hash text, gas_used numeric,
      created_at timestamptz not null default now(), unique (lane, nonce)
    );
    create table attempt (
      hash text primary key, intent_id bigint not null references intent, raw text not null, max_fee numeric not null,
      tip numeric not null, first_sent_at timestamptz, created_at timestamptz not null default now()
    );
    create table ballot (
      id text primary key, proposal_id bigint not null references proposal, voter text not null, support smallint not null,
      reason text not null, form text not null, signer text not null, seat integer, nonce numeric not null, typed_data jsonb not null,
      signature text not null, weight numeric not null, state text not null, reason_code text,
      intent_id bigint references intent, block_number numeric, block_hash text, tx_hash text, deadline numeric not null,
      platform text, channel text, accepted_at timestamptz not null default now(), final_at timestamptz
    );
    create unique index ballot_nonce on ballot (proposal_id, voter, nonce)
      where state in ('accepted', 'batched', 'counted', 'final');
    create index ballot_waiting on ballot (state, deadline);
    create table budget (scope text not null, day date not null, used numeric not null default 0, primary key (scope, day));
    create table delegation (
      id text primary key, token text not null, delegator text not null, delegatee text not null, nonce numeric not null,
      expiry numeric not null, signature text not null, state text not null, intent_id bigint references intent,
      created_at timestamptz not null default now()
    );
  `.execute(db)
}
