import { sql, type Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table channel_setting (
      platform text not null, channel text not null, dao_id bigint references dao on delete cascade,
      name text not null, value text not null, unique nulls not distinct (platform, channel, dao_id, name)
    );
    create table channel_audit (
      id bigint generated always as identity primary key, at timestamptz not null default now(),
      platform text not null, channel text not null, server text,
      workspace text, user_id text, name text, event text not null, detail text not null
    );
    create index channel_audit_channel on channel_audit (platform, channel, id);
    create index channel_audit_server on channel_audit (platform, server, id) where server is not null;
    create index channel_audit_person on channel_audit (platform, user_id);
    create table life_event (
      proposal_id bigint not null references proposal on delete cascade, event text not null,
      happened_at timestamptz not null, noticed_at timestamptz not null default now(), primary key (proposal_id, event)
    );
    alter table effect add column not_before timestamptz;
    create index effect_under on effect (under) where under is not null;
    create index subscription_place on subscription (platform, channel);
    update subscription set created_by = '@' || substr(created_by, length(platform) + 2)
      where starts_with(created_by, platform || ':');
  `.execute(db)
}
