import { sql, type Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table power_move (
      block_hash text not null, log_index integer not null, chain_id bigint not null, block_number numeric not null,
      at timestamptz not null, tx_hash text not null, token text not null, delegate text not null,
      previous numeric not null, current numeric not null,
      noticed_at timestamptz not null default now(), noted boolean not null default false,
      orphaned_at timestamptz, primary key (block_hash, log_index)
    );
    create index power_move_token on power_move (token, at);
    create index power_move_new on power_move (chain_id) where not noted;
  `.execute(db)
}
