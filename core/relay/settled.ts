import type { TransactionReceipt } from 'viem'
import type { Context } from '../context.ts'
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

declare module '../context.ts' {
  interface Kinds {
    /** Everything that the relayer sends beside signed messages. */
    intents: readonly IntentKind[]
  }
}

/** What the relayer sends for one purpose, such as registrations or the steps of an action: no batches of signed messages. */
export type IntentKind = {
  purpose: IntentRow['purpose']
  /** Follows one of its transactions. */
  settled(ctx: Context, settled: Settled): Promise<void>
  /** Has sent what waits, by the rows alone, as after a crash. */
  wake?(ctx: Context): Promise<void>
}
