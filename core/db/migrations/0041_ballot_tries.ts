import { sql, type Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table ballot add column tries smallint not null default 0;
    create index ballot_intent on ballot (intent_id);
    create index ballot_voter on ballot (voter, accepted_at);
    create index ballot_prefix on ballot (id text_pattern_ops);
    create index intent_lane_open on intent (lane) where state in ('open', 'mined');
    create index attempt_intent on attempt (intent_id);
  `.execute(db)
}
