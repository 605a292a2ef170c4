import type { Hex } from 'viem'
import type { LogRow } from '../db/tables/chain.ts'
import type { ChainLog } from './events.ts'

/** A log as it was stored. */
export const logOf = (row: LogRow): ChainLog => ({
  blockHash: row.block_hash as Hex,
  blockNumber: BigInt(row.block_number),
  index: row.log_index,
  address: row.address,
  tx: row.tx_hash as Hex,
  topics: row.topics as Hex[],
  data: row.data as Hex,
})
