import type { TransactionReceipt } from 'viem'
import type { IntentRow } from '../db/tables/ballots.ts'

/**
 * What became of a transaction. `undone`: a reorg took it back, and the same bytes are sent again. `elsewhere`: its nonce
 * was used by a transaction that is not ours, for good. Every event may be told more than once.
 */
export type Settled = {
  intent: IntentRow
  event: 'mined' | 'undone' | 'elsewhere' | 'final'
  receipt: TransactionReceipt | undefined
}
