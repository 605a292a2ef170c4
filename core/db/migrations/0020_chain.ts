import { sql, type Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table chain (id integer primary key, genesis_hash text not null, state text not null default 'live', reason text);
    create table block (
      chain_id integer not null references chain, hash text not null, number numeric not null, parent text not null,
      time numeric not null, orphaned_at timestamptz, primary key (chain_id, hash)
    );
    create index block_number on block (chain_id, number);
    create table log (
      chain_id integer not null, block_hash text not null, log_index integer not null, block_number numeric not null,
      address text not null, tx_hash text not null, topics text[] not null, data text not null, orphaned_at timestamptz,
      primary key (chain_id, block_hash, log_index)
    );
    create index log_address on log (chain_id, address, block_number);
    create index log_number on log (chain_id, block_number);
    create table coverage (
      chain_id integer not null, address text not null, from_block numeric not null, read_to numeric not null,
      live_from numeric not null, primary key (chain_id, address)
    );
    create table cursor (
      chain_id integer primary key references chain, number numeric not null, hash text not null,
      epoch integer not null default 0, final numeric not null default 0, span integer not null default 2000,
      holder text, held_until timestamptz
    );
  `.execute(db)
}
