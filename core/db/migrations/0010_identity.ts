import { sql, type Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table person (id bigint generated always as identity primary key, created_at timestamptz not null default now());
    create table account (
      platform text not null, workspace text not null, user_id text not null, name text not null,
      person_id bigint not null references person on delete cascade, proof text not null,
      linked_at timestamptz not null default now(), primary key (platform, workspace, user_id)
    );
    create index account_person on account (person_id);
    create table wallet (
      address text primary key, person_id bigint not null references person on delete cascade, chain_id integer not null,
      verified text not null, block_number numeric, proof jsonb, checked_at timestamptz not null default now(),
      linked_at timestamptz not null default now()
    );
    create index wallet_person on wallet (person_id);
    create table ticket (
      hash text primary key, platform text not null, workspace text not null, user_id text not null, name text not null,
      channel text not null, expires_at timestamptz not null, cookie_hash text, opened_at timestamptz, address text,
      message text, nonce text, verified text, block_number numeric, proof jsonb, registration jsonb, signed_at timestamptz,
      code_hash text, code_tries integer not null default 0, login_state text, login_verifier text, proved_at timestamptz,
      used_at timestamptz, created_at timestamptz not null default now()
    );
    create index ticket_account on ticket (platform, workspace, user_id);
    create table registration (
      digest text primary key, chain_id integer not null, controller text not null, payload jsonb not null,
      signature text not null, state text not null default 'accepted', auto_id numeric, reason text,
      intent_id bigint, created_at timestamptz not null default now()
    );
    create table audit (
      id bigint generated always as identity primary key, at timestamptz not null default now(),
      person_id bigint, event text not null, detail jsonb not null default '{}'
    );
    create index audit_person on audit (person_id);
  `.execute(db)
}
