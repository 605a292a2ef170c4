import { sql } from 'kysely'
import type { Address, Hex } from 'viem'
import type { Context, Trx } from '../context.ts'
import { crashpoint } from '../crashpoint.ts'
import { UserError } from '../errors.ts'
import { proveSignature } from '../identity/signature.ts'
import { assertRelayer, spendBudget } from './budget.ts'
import { hurrySeconds } from './deadline.ts'
import { signedIn, standing, type Lot, type SignedColumns, type SignedKind, type SignedRow } from './signed.ts'

/** A message as its kind has read and checked it, before anybody knows whether the signature is good. */
export type Candidate<Row extends SignedRow, On> = {
  id: Hex
  /** What was signed. */
  digest: Hex
  voter: Address
  daoId: string
  on: On
  /** The kind's own columns. */
  columns: Omit<Row, keyof SignedColumns>
  /** Its share of a transaction. */
  gas(lot: Lot<Row, On>): bigint
  /** Seconds, or blocks, in which it must be on the chain. */
  left?: bigint
  /** Kept from others while it is stored. */
  lock: string
  /** What else stands against it, seen under the lock; throws UserError. */
  admit?(trx: Trx): Promise<void>
  /** Whether it was new or not. */
  stored?(trx: Trx): Promise<void>
}

/**
 * Takes a signed message: the signature, who pays, and the contract's dry run as last word; then it is stored, and only
 * then acknowledged. The same message again, from wherever, is the same row.
 */
export async function acceptSigned<Row extends SignedRow, On>(
  ctx: Context,
  kind: SignedKind<Row, On>,
  candidate: Candidate<Row, On>,
  signature: string,
): Promise<void> {
  const row = await signedRow(ctx, candidate, signature)
  const lot = { on: candidate.on, rows: [row] }
  const gas = candidate.gas(lot)
  await assertRelayer(ctx, gas)
  const refused = (await kind.dryRun(ctx, lot)).get(row.id)
  if (refused !== undefined) throw kind.refusal(refused, lot)
  crashpoint(ctx, `${kind.name}.accept.before`)
  await ctx.db.transaction().execute((trx) => store(ctx, trx, kind, { candidate, row, gas }))
  crashpoint(ctx, `${kind.name}.accept.after`)
}

async function signedRow<Row extends SignedRow, On>(
  ctx: Context,
  { id, digest, voter, columns }: Candidate<Row, On>,
  signature: string,
): Promise<Row> {
  const proof = await proveSignature(ctx, { address: voter, hash: digest, signature })
  if (proof.how === 'erc6492')
    throw new UserError('This wallet is a contract that does not exist on the chain yet, so no governor can ask it.', {
      hint: 'Send any transaction from it first, then sign again.',
      code: 'signature',
    })
  const signed: SignedColumns = {
    id,
    voter,
    signer: proof.how === 'eoa' ? 'key' : 'contract',
    signature: proof.signature,
    state: 'accepted',
    reason_code: null,
    tries: 0,
    intent_id: null,
    block_number: null,
    block_hash: null,
    tx_hash: null,
    accepted_at: new Date(ctx.now()),
    final_at: null,
  }
  return { ...columns, ...signed } as Row
}

/** Everything or nothing; the lock makes messages of one voice wait for each other. */
async function store<Row extends SignedRow, On>(
  ctx: Context,
  trx: Trx,
  kind: SignedKind<Row, On>,
  { candidate, row, gas }: { candidate: Candidate<Row, On>; row: Row; gas: bigint },
): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${candidate.lock}, 0))`.execute(trx)
  const known = await signedIn(trx).selectFrom(kind.table).select('state').where('id', '=', row.id).executeTakeFirst()
  if (!known || !standing.includes(known.state)) {
    await candidate.admit?.(trx)
    const older = await olderThan(trx, kind, { on: candidate.on, rows: [row] }, row)
    await insert(trx, kind, row)
    await kind.show(ctx, trx, row)
    // Those that were not sent yet need not be: the newer one speaks for the wallet.
    for (const id of older) await supersede(ctx, trx, kind, id)
    // Last, because all messages of the DAO wait for these two rows until we commit.
    await spendBudget(ctx, trx, { daoId: candidate.daoId, voter: row.voter, gas, what: kind.plural })
    await ring(ctx, trx, kind, candidate)
  }
  await candidate.stored?.(trx)
}

/** Those of the slot that wait to be sent; refuses what is no newer than one that stands. */
async function olderThan<Row extends SignedRow, On>(
  trx: Trx,
  kind: SignedKind<Row, On>,
  lot: Lot<Row, On>,
  row: Row,
): Promise<string[]> {
  const { columns, order } = kind.slot
  let query = signedIn(trx).selectFrom(kind.table).select(['id', 'state']).where('id', '<>', row.id)
  for (const column of columns) query = query.where(sql.ref(column), '=', row[column])
  const others = await query
    .select(sql<boolean>`${sql.ref(order)} >= ${row[order]}`.as('is_newer'))
    .where('state', 'in', standing)
    .execute()
  if (kind.isReplaceable(row) && others.some(({ is_newer }) => is_newer)) throw kind.refusal('stale', lot)
  return others.filter(({ state }) => state === 'accepted').map(({ id }) => id)
}

async function insert<Row extends SignedRow, On>(trx: Trx, kind: SignedKind<Row, On>, row: Row): Promise<void> {
  const json = Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name, isJson(value) ? JSON.stringify(value) : value]),
  ) as Row
  await signedIn(trx)
    .insertInto(kind.table)
    .values(json)
    // It was refused once, and is signed anew.
    .onConflict((conflict) =>
      conflict.column('id').doUpdateSet({ ...json, accepted_at: sql.ref(`${kind.table}.accepted_at`) }),
    )
    .execute()
}

const isJson = (value: unknown): boolean => typeof value === 'object' && value !== null && !(value instanceof Date)

async function supersede<Row extends SignedRow, On>(
  ctx: Context,
  trx: Trx,
  kind: SignedKind<Row, On>,
  id: string,
): Promise<void> {
  const row = await signedIn(trx)
    .updateTable(kind.table)
    .set({ state: 'superseded' })
    .where('id', '=', id)
    .where('state', '=', 'accepted')
    .returningAll()
    .executeTakeFirst()
  if (row) await kind.show(ctx, trx, row as unknown as Row)
}

/** At once when a batch is full or the end is near, else when the batch had time to fill. */
async function ring<Row extends SignedRow, On>(
  ctx: Context,
  trx: Trx,
  kind: SignedKind<Row, On>,
  { daoId, left }: Candidate<Row, On>,
): Promise<void> {
  const { count } = await signedIn(trx)
    .selectFrom(kind.table)
    .select((eb) => eb.fn.countAll<string>().as('count'))
    .where(kind.daoId, '=', daoId)
    .where('state', '=', 'accepted')
    .executeTakeFirstOrThrow()
  const flush = ctx.config.RELAY_FLUSH_SECONDS
  const isFull = Number(count) >= ctx.config.RELAY_BATCH_SIZE
  // A block takes a second or more, so blocks left are at least as many seconds.
  const spare = left === undefined ? flush : Math.max(0, Number(left - hurrySeconds))
  const afterMs = (isFull ? 0 : Math.min(flush, spare)) * 1_000
  await ctx.queue.send(trx, kind.job, { daoId }, { key: kind.jobKey(daoId), afterMs })
}
