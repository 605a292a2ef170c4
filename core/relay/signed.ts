import { sql, type ColumnType, type Kysely, type RawBuilder } from 'kysely'
import type { Address, Hex, TransactionReceipt } from 'viem'
import type { Context, Db, Trx } from '../context.ts'
import type { IntentRow } from '../db/tables/ballots.ts'
import type { UserError } from '../errors.ts'
import type { JobDeclaration } from '../context.ts'

/** accepted → batched → counted → final; or refused, superseded (a newer one of the wallet), voted_elsewhere (the wallet itself). */
export type SignedState = 'accepted' | 'batched' | 'counted' | 'final' | 'refused' | 'superseded' | 'voted_elsewhere'

/** What may still count, or does. */
export const standing: readonly SignedState[] = ['accepted', 'batched', 'counted', 'final']

/** The columns that every table of signed messages has; what it is about is its kind's own. */
export type SignedColumns = {
  /** Tells one message from another: the EIP-712 digest, where that names the voter. */
  id: string
  voter: string
  /** A key signed it, or a contract answers for it (ERC-1271). */
  signer: 'key' | 'contract'
  signature: string
  state: SignedState
  reason_code: string | null
  tries: number
  intent_id: string | null
  block_number: string | null
  block_hash: string | null
  tx_hash: string | null
  accepted_at: Date
  final_at: Date | null
}
export type SignedRow = SignedColumns

/** What the chain or the clock made of a message. */
export type Change = Partial<
  Pick<
    SignedColumns,
    'state' | 'reason_code' | 'tries' | 'intent_id' | 'block_number' | 'block_hash' | 'tx_hash' | 'final_at'
  > & { weight: string | null }
>

/** One transaction for some of the messages; without `gas` the chain is asked how much it takes. */
export type SignedCall = { to: Address; data: Hex; gas?: bigint; ids: readonly string[] }

/** Messages that can share a transaction, with what is known of the contract they go to. */
export type Lot<Row, On> = { on: On; rows: readonly Row[] }

/**
 * A message that wallets sign and the relayer carries in batches: a ballot, an approval, a paper. The engine takes it,
 * sends it, and follows it until it is final; the kind says what it is and what its contract thinks of it.
 *
 * Its table has `SignedColumns`; the name, the job and the crash points `<name>.accept.before` and `.after` are for good.
 */
export type SignedKind<Row extends SignedRow = SignedRow, On = unknown> = {
  name: string
  /** In words, as in “its 20 ballots of today”. */
  plural: string
  table: string
  purpose: IntentRow['purpose']
  /** Sends the waiting ones of a DAO; `key` holds while such a job waits. */
  job: JobDeclaration<{ daoId: string }>
  jobKey(daoId: string): string
  /** SQL for the id of the DAO that a row belongs to. */
  daoId: RawBuilder<string>
  /** One voice of a wallet: rows that agree in `columns` follow one another by `order`. */
  slot: { columns: readonly (keyof Row & string)[]; order: keyof Row & string }
  /** Whether the contract lets a newer one of the slot take the place of this one. */
  isReplaceable(row: Row): boolean
  /** Where the contract stops counting at a time: SQL for it, and the clock that it goes by. */
  deadline?: {
    at: RawBuilder<string>
    now(ctx: Context, daoId: string): Promise<bigint>
    /** The same by our own clock, for when the chain does not answer. */
    ours(ctx: Context, daoId: string): Promise<bigint | undefined>
  }
  /** By the contract they go to; those of a chain that is not followed here are left out. */
  lots(ctx: Context, params: { daoId: string; rows: readonly Row[] }): Promise<Lot<Row, On>[]>
  /** Those that can be sent now; does what the others wait for, after which the job runs again. */
  prepare?(ctx: Context, lot: Lot<Row, On>): Promise<readonly Row[]>
  /** Whether contract wallets' messages go in transactions of their own. */
  sendsContractsAlone: boolean
  /** Why the contract would not count them now, each for itself. A revert is passed on: then they are tried in halves. */
  dryRun(ctx: Context, lot: Lot<Row, On>): Promise<ReadonlyMap<string, string>>
  encode(ctx: Context, lot: Lot<Row, On>): SignedCall[]
  /**
   * What became of them by the contract's word. `receipt` is the transaction that carried them; without one the contract's
   * state alone decides, and `refusals` is what a dry run had against them. Rows without a change are left out.
   */
  reconcile(
    ctx: Context,
    lot: Lot<Row, On> & { receipt: TransactionReceipt | undefined; refusals: ReadonlyMap<string, string> },
  ): Promise<ReadonlyMap<string, Change>>
  /** Those beside which something else of the same voter was counted, perhaps by the voter alone. */
  overtaken?(ctx: Context): Promise<readonly Row[]>
  /** What stays in the row of one whose block a reorg took back. */
  undone: Change
  /** A transaction of this purpose with no message in it: it did what messages wait for. */
  settledAlone?(ctx: Context, intent: IntentRow): Promise<void>
  /** Why one message cannot be taken. */
  refusal(code: string, lot: Lot<Row, On>): UserError
  /** Tells the person how far it has come; `delayed`: it is stuck, and the end is near. */
  show(ctx: Pick<Context, 'queue'>, trx: Trx, row: Row, more?: { delayed: boolean }): Promise<void>
  /** Whether one that had counted says so when a newer one counts instead. */
  tellsReplaced: boolean
}

// `any`, because the list of all kinds holds rows of different shapes; each kind meets only its own.
export type AnySignedKind = SignedKind<any, any>

declare module '../context.ts' {
  interface Kinds {
    /** Everything that wallets sign and the relayer carries in batches. */
    signed: readonly AnySignedKind[]
  }
}

type Table = Omit<SignedColumns, 'accepted_at'> & { accepted_at: ColumnType<Date, Date | undefined, Date> }

/** The table of a kind by its common columns: the engine knows no others. */
export const signedIn = (db: Db | Trx): Kysely<Record<string, Table>> => db as unknown as Kysely<Record<string, Table>>

/** Of the DAOs on the chain that this relayer works on. */
export const isHere = ({ chain }: Pick<Context, 'chain'>, { daoId }: AnySignedKind): RawBuilder<boolean> =>
  sql<boolean>`exists (select from dao where dao.id = ${daoId} and dao.chain_id = ${chain.id})`

/** After so many transactions in vain a message is given up, because each of them costs gas: soon when it alone was not counted, later when all of them failed together. */
const mostTries = { success: 3, reverted: 10 }

/** Not counted, and it still can be: what was accepted is a promise, so it goes out again, until it is in vain. */
export function tryAgain(
  row: Pick<SignedRow, 'tries'>,
  params: { isTry: boolean; receipt: Pick<TransactionReceipt, 'status'> | undefined; code: string },
): Change {
  const tries = params.isTry ? row.tries + 1 : row.tries
  const most = mostTries[params.receipt?.status ?? 'success']
  if (params.isTry && tries >= most) return { state: 'refused', reason_code: params.code, tries }
  return { state: 'accepted', reason_code: null, intent_id: null, tx_hash: null, tries }
}

export const countedHere = (receipt: TransactionReceipt): Change => ({
  state: 'counted',
  reason_code: null,
  block_number: receipt.blockNumber.toString(),
  block_hash: receipt.blockHash,
  tx_hash: receipt.transactionHash,
})
