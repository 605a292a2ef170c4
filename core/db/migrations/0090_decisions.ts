import { sql, type Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table message add column decision text;
    create index message_decision on message (decision, at) where decision is not null;
    create table decision_reminder (
      kind text not null, decision_id text not null, person_id bigint not null references person on delete cascade,
      mark integer not null, platform text not null, channel text not null, sent_at timestamptz not null default now(), ended text,
      primary key (kind, decision_id, person_id, mark)
    );
    create index decision_reminder_person on decision_reminder (person_id, sent_at);
  `.execute(db)
}
