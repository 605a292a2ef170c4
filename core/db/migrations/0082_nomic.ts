import { sql, type Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table chief (
      dao_id bigint primary key references dao on delete cascade, hat text not null, hat_approvals numeric not null, live boolean not null,
      launch_threshold numeric not null, launch_approvals numeric not null, floor numeric not null, cool_down integer not null, lifted_at numeric not null,
      delay integer not null, locked numeric not null, is_shut boolean not null, block_number numeric not null, checked_at numeric not null, due_at numeric
    );
    create table spell (
      id bigint generated always as identity primary key, dao_id bigint not null references dao on delete cascade, number integer not null,
      ref text not null unique, address text not null, kind text not null, author text, author_locked numeric not null default 0,
      title text not null, text text not null, text_hash text not null, calls jsonb not null, drops text, expiration numeric not null, office_hours boolean not null,
      state text not null default 'open', stage text, approvals numeric not null default 0, eta numeric, next_cast numeric,
      announced boolean not null default false, is_history boolean not null, checked_at numeric, block_number numeric not null, tx_hash text,
      orphaned_at timestamptz, created_at timestamptz not null default now(), unique (dao_id, address), unique (dao_id, number)
    );
    create table spell_event (
      spell_id bigint not null references spell on delete cascade, event text not null, happened_at timestamptz not null,
      noticed_at timestamptz not null default now(), primary key (spell_id, event)
    );
    create table plan (
      dao_id bigint not null references dao on delete cascade, id text not null, hat text not null, action text not null, call text not null,
      code_hash text not null, eta numeric not null, state text not null, block_number numeric not null, tx_hash text not null, primary key (dao_id, id)
    );
    create table approval (
      id text primary key, dao_id bigint not null references dao, voter text not null, seat integer not null, sequence integer not null,
      spells jsonb not null, signer text not null, signature text not null, state text not null, reason_code text, tries smallint not null default 0,
      action_id text references action on delete set null, step integer, intent_id bigint references intent, weight numeric, block_number numeric,
      block_hash text, tx_hash text, accepted_at timestamptz not null default now(), final_at timestamptz
    );
    create unique index approval_sequence on approval (dao_id, seat, sequence) where state in ('accepted', 'batched', 'counted', 'final');
    create index approval_waiting on approval (dao_id) where state = 'accepted';
    create index approval_intent on approval (intent_id);
    create index approval_voter on approval (voter, accepted_at);
    alter table action_step add column batch text;
  `.execute(db)
}
