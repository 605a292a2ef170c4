import { sql, type Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table proposal_draft (
      id bigint generated always as identity primary key, person_id bigint not null references person on delete cascade,
      dao_id bigint not null references dao, title text not null, text text not null default '', calls jsonb not null default '[]',
      platform text, channel text, about_id bigint references proposal on delete set null, text_hash text,
      created_at timestamptz not null default now(), updated_at timestamptz not null default now()
    );
    create index proposal_draft_person on proposal_draft (person_id);
    alter table message add column draft_id bigint references proposal_draft on delete set null;
    create index message_draft on message (draft_id) where draft_id is not null;
  `.execute(db)
}
