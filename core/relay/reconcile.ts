import { sql } from 'kysely'
import type { TransactionReceipt } from 'viem'
import type { Context, Trx } from '../context.ts'
import type { IntentRow } from '../db/tables/ballots.ts'
import type { Settled } from './settled.ts'
import { isHere, signedIn, standing, type Change, type Lot, type SignedKind, type SignedRow } from './signed.ts'

/** What a transaction's fate means for the messages in it. The contract's word decides, never the receipt alone. */
export async function settled<Row extends SignedRow, On>(
  ctx: Context,
  kind: SignedKind<Row, On>,
  { intent, event, receipt }: Settled,
): Promise<void> {
  const rows = await rowsIn(ctx, kind, intent)
  if (rows.length === 0 && event === 'mined') return await kind.settledAlone?.(ctx, intent)
  if (event === 'final') {
    const counted = rows.filter(({ state, block_hash }) => state === 'counted' && block_hash === receipt?.blockHash)
    for (const row of counted) await apply(ctx, kind, row, { state: 'final', final_at: new Date(ctx.now()) })
    return
  }
  if (event === 'undone') return await takeBack(ctx, kind, rows, intent)
  await reconcileRows(ctx, kind, { rows: rows.filter(({ state }) => state !== 'final'), receipt })
}

/**
 * Asks the contract what became of messages and writes that down. It may be asked again at any time: the answer is the
 * chain's, not ours.
 */
export async function reconcile<Row extends SignedRow, On>(
  ctx: Context,
  kind: SignedKind<Row, On>,
  params: Lot<Row, On> & { receipt: TransactionReceipt | undefined; refusals?: ReadonlyMap<string, string> },
): Promise<void> {
  if (params.rows.length === 0) return
  const changes = await kind.reconcile(ctx, { ...params, refusals: params.refusals ?? new Map() })
  for (const row of params.rows.toSorted((a, b) => (a.id < b.id ? -1 : 1))) {
    const change = changes.get(row.id)
    if (change) await apply(ctx, kind, row, change)
  }
}

export async function reconcileRows<Row extends SignedRow, On>(
  ctx: Context,
  kind: SignedKind<Row, On>,
  { rows, receipt }: { rows: readonly Row[]; receipt: TransactionReceipt | undefined },
): Promise<void> {
  for (const [daoId, group] of Map.groupBy(rows, await daoIdsOf(ctx, kind, rows)))
    for (const lot of await kind.lots(ctx, { daoId, rows: group })) await reconcile(ctx, kind, { ...lot, receipt })
}

/** A message takes days at most to be final. */
const looseMs = 7 * 86_400_000
const loose = 200

/**
 * Messages that no transaction of ours can tell about any more: counted by somebody else, or overtaken by the wallet's own
 * vote. They are asked about until the block in question is final, since a reorg may change what happened.
 */
export async function settleLoose<Row extends SignedRow, On>(ctx: Context, kind: SignedKind<Row, On>): Promise<void> {
  const rows = await signedIn(ctx.db)
    .selectFrom(kind.table)
    .selectAll()
    .where(isHere(ctx, kind))
    .where('final_at', 'is', null)
    .where('state', 'in', ['counted', 'voted_elsewhere'])
    .where('accepted_at', '>', new Date(ctx.now() - looseMs))
    .where(
      sql<boolean>`(intent_id is null or intent_id in (select id from intent where state in ('final', 'elsewhere')))`,
    )
    .orderBy('accepted_at', 'desc')
    .limit(loose)
    .execute()
  await reconcileRows(ctx, kind, { rows: rows as unknown as Row[], receipt: undefined })
}

const rowsIn = async <Row extends SignedRow, On>(
  ctx: Context,
  kind: SignedKind<Row, On>,
  intent: Pick<IntentRow, 'id'>,
): Promise<Row[]> =>
  (await signedIn(ctx.db)
    .selectFrom(kind.table)
    .selectAll()
    .where('intent_id', '=', intent.id)
    .execute()) as unknown as Row[]

async function daoIdsOf<Row extends SignedRow, On>(
  ctx: Pick<Context, 'db'> | { db: Trx },
  kind: SignedKind<Row, On>,
  rows: readonly Row[],
): Promise<(row: Row) => string> {
  if (rows.length === 0) return () => ''
  const found = await signedIn(ctx.db)
    .selectFrom(kind.table)
    .select(['id', kind.daoId.as('dao_id')])
    .where(
      'id',
      'in',
      rows.map(({ id }) => id),
    )
    .execute()
  const byId = new Map(found.map(({ id, dao_id }) => [id, dao_id]))
  return ({ id }) => byId.get(id) ?? ''
}

/** Only from the state that was looked at: whatever happened meanwhile will be looked at anew. */
async function apply<Row extends SignedRow, On>(
  ctx: Context,
  kind: SignedKind<Row, On>,
  row: Row,
  change: Change,
): Promise<void> {
  const isNews = Object.entries(change).some(([name, value]) => row[name as keyof Row] !== value)
  if (!isNews) return
  await ctx.db.transaction().execute(async (trx) => {
    const isTaken = change.state === 'accepted' && (await hasTwin(trx, kind, row))
    const changed = (await signedIn(trx)
      .updateTable(kind.table)
      .set(isTaken ? { state: 'superseded' } : change)
      .where('id', '=', row.id)
      .where('state', '=', row.state)
      .where('intent_id', 'is not distinct from', row.intent_id)
      .returningAll()
      .executeTakeFirst()) as Row | undefined
    if (!changed) return
    if (changed.state === 'counted' || changed.state === 'final') await replaceOlder(ctx, trx, kind, changed)
    if (changed.state === 'accepted') {
      const daoId = (await daoIdsOf({ db: trx }, kind, [row]))(row)
      await ctx.queue.send(trx, kind.job, { daoId }, { key: kind.jobKey(daoId), afterMs: row.tries * 1_000 })
    }
    await kind.show(ctx, trx, changed)
  })
}

const slotOf = <Row extends SignedRow, On>({ slot, table }: SignedKind<Row, On>, row: Row) =>
  sql<boolean>`${sql.join(
    slot.columns.map((column) => sql`${sql.ref(`${table}.${column}`)} = ${row[column]}`),
    sql` and `,
  )}`

const orderOf = <Row extends SignedRow, On>({ slot, table }: SignedKind<Row, On>, row: Row, sign: '<' | '=' | '>=') =>
  sql<boolean>`${sql.ref(`${table}.${slot.order}`)} ${sql.raw(sign)} ${row[slot.order]}`

/** The wallet has signed anew since; only one of the two can count. */
async function hasTwin<Row extends SignedRow, On>(trx: Trx, kind: SignedKind<Row, On>, row: Row): Promise<boolean> {
  const twin = await signedIn(trx)
    .selectFrom(kind.table)
    .select('id')
    .where(slotOf(kind, row))
    .where(orderOf(kind, row, kind.isReplaceable(row) ? '>=' : '='))
    .where('id', '<>', row.id)
    .where('state', 'in', standing)
    .executeTakeFirst()
  return twin !== undefined
}

/** Where minds may be changed, the contract took the older one back when it counted the newer. */
async function replaceOlder<Row extends SignedRow, On>(
  ctx: Context,
  trx: Trx,
  kind: SignedKind<Row, On>,
  row: Row,
): Promise<void> {
  if (!kind.isReplaceable(row)) return
  const replaced = await signedIn(trx)
    .updateTable(kind.table)
    .set({ state: 'superseded' })
    .where(slotOf(kind, row))
    .where(orderOf(kind, row, '<'))
    .where('state', 'in', ['counted', 'final'])
    .returningAll()
    .execute()
  if (kind.tellsReplaced) for (const older of replaced) await kind.show(ctx, trx, older as unknown as Row)
}

/** What a reorg took back waits for the same bytes to be mined again; what it had replaced stands again meanwhile. */
async function takeBack<Row extends SignedRow, On>(
  ctx: Context,
  kind: SignedKind<Row, On>,
  rows: readonly Row[],
  intent: IntentRow,
): Promise<void> {
  const undone = rows.filter(({ state, block_hash }) => state === 'counted' && block_hash === intent.block_hash)
  for (const row of undone) await apply(ctx, kind, row, kind.undone)
  for (const row of undone.filter((each) => kind.isReplaceable(each))) {
    const older = await signedIn(ctx.db)
      .selectFrom(kind.table)
      .selectAll()
      .where(slotOf(kind, row))
      .where(orderOf(kind, row, '<'))
      .where('state', '=', 'superseded')
      .where('intent_id', 'is not', null)
      .execute()
    await reconcileRows(ctx, kind, { rows: older as unknown as Row[], receipt: undefined })
  }
}
