import { sql, type Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table messaging (
      platform text not null, workspace text not null, user_id text not null, wanted boolean,
      snoozed_until timestamptz, zone text, chosen_at timestamptz not null,
      primary key (platform, workspace, user_id)
    );
    create table reminder (
      proposal_id bigint not null references proposal on delete cascade,
      person_id bigint not null references person on delete cascade,
      mark integer not null, platform text not null, channel text not null,
      sent_at timestamptz not null default now(), ended text,
      primary key (proposal_id, person_id, mark)
    );
    create index reminder_person on reminder (person_id, sent_at);
    create index reminder_open on reminder (proposal_id) where ended is null;
    create table reminder_snooze (
      proposal_id bigint not null references proposal on delete cascade,
      person_id bigint not null references person on delete cascade,
      until timestamptz not null, primary key (proposal_id, person_id)
    );
  `.execute(db)
}
