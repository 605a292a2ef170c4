import { sql, type Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table playground_channel (id text primary key, topic text not null, created_at timestamptz not null default now());
    create table playground_person (
      id text primary key, name text not null, address text, secret text, created_at timestamptz not null default now()
    );
    create sequence playground_version;
    create table playground_message (
      id bigint generated always as identity primary key, key text unique, channel text not null,
      thread bigint references playground_message on delete cascade, person text, visible_to text, asked text, text text,
      view jsonb, version bigint not null default nextval('playground_version'), at timestamptz not null default now(),
      edited_at timestamptz, deleted_at timestamptz
    );
    create index playground_message_channel on playground_message (channel, id);
    create index playground_message_thread on playground_message (thread, id);
    create index playground_message_version on playground_message (version);
  `.execute(db)
}
