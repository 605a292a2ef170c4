import type { Generated, Selectable } from 'kysely'

export type ChainTables = {
  chain: { id: number; genesis_hash: string; state: Generated<'live' | 'stopped'>; reason: string | null }
  /** Blocks are linked by parent hash; a reorg marks them, nothing is ever deleted. `time` is in unix seconds. */
  block: { chain_id: number; hash: string; number: string; parent: string; time: string; orphaned_at: Date | null }
  log: {
    chain_id: number
    block_hash: string
    log_index: number
    block_number: string
    address: string
    tx_hash: string
    topics: string[]
    data: string
    orphaned_at: Date | null
  }
  /**
   * What has been read of a contract: its past from `from_block` to `read_to`, and with the cursor everything from
   * `live_from` on. A contract added later reads the gap between the two without touching the live cursor.
   */
  coverage: { chain_id: number; address: string; from_block: string; read_to: string; live_from: string }
  /**
   * How far the chain is read. `epoch` goes up with every write and fences several listeners; `holder` is the one whose
   * turn it is until `held_until`; `final` is the newest final block, `span` how many blocks the node takes at once.
   */
  cursor: {
    chain_id: number
    number: string
    hash: string
    epoch: Generated<number>
    final: Generated<string>
    span: Generated<number>
    holder: Generated<string | null>
    held_until: Generated<Date | null>
  }
}

export type LogRow = Selectable<ChainTables['log']>
