import { sql, type Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table paper (
      dao_id bigint not null references dao on delete cascade, number integer not null, opens numeric not null, closes numeric not null,
      is_at_close boolean not null, is_weighed boolean not null default false, checked_at numeric, block_number numeric, primary key (dao_id, number)
    );
    create table poll (
      id bigint generated always as identity primary key, dao_id bigint not null references dao on delete cascade, number integer not null,
      ref text not null unique, paper integer not null, author text not null, kind text not null, majority text not null, minimum numeric not null,
      fallback integer not null, title text not null, body text not null, body_hash text not null, multihash text not null, options jsonb not null,
      state text not null default 'upcoming', votes jsonb not null default '[]', participating numeric not null default 0, abstained numeric not null default 0,
      rounds jsonb, winner integer not null default 0, verdict text, is_withdrawn boolean not null default false, is_history boolean not null,
      closed_at timestamptz, block_number numeric not null, tx_hash text not null, orphaned_at timestamptz, created_at timestamptz not null default now(),
      unique (dao_id, number), foreign key (dao_id, paper) references paper on delete cascade
    );
    create table paper_page (
      id text primary key, platform text not null, workspace text not null, user_id text not null,
      dao_id bigint not null references dao on delete cascade, paper integer not null, answers jsonb not null, expires_at timestamptz not null
    );
    create table paper_ballot (
      id text primary key, dao_id bigint not null references dao, paper integer not null, voter text not null, seat integer not null, sequence integer not null,
      mark text not null, signer text not null, signature text not null, state text not null, reason_code text, tries smallint not null default 0,
      action_id text references action on delete set null, step integer, intent_id bigint references intent, weight numeric, block_number numeric,
      block_hash text, tx_hash text, accepted_at timestamptz not null default now(), final_at timestamptz
    );
    create unique index paper_ballot_sequence on paper_ballot (dao_id, paper, seat, sequence) where state in ('accepted', 'batched', 'counted', 'final');
    create index paper_ballot_waiting on paper_ballot (dao_id, paper) where state = 'accepted';
    create index paper_ballot_intent on paper_ballot (intent_id);
    create index paper_page_expires on paper_page (expires_at);
  `.execute(db)
}
