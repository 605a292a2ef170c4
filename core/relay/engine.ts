import type { Context, Trx } from '../context.ts'
import { isRevert } from '../chain/ask.ts'
import { RetryableError } from '../errors.ts'
import { feesNear } from './deadline.ts'
import { Overtaken, sendIntent } from './lane.ts'
import { reconcile } from './reconcile.ts'
import { isHere, signedIn, type AnySignedKind, type Lot, type SignedKind, type SignedRow } from './signed.ts'

const atOnce = 1_000
/** What is being prepared is on the chain in a moment. */
const preparedMs = 700

/**
 * Sends the waiting messages of a DAO, those whose time ends first in front: a dry run takes out what the contract would not
 * count, the rest goes out in as few transactions as may be. Run twice at once it still sends each once, because a message
 * is claimed in the transaction that gives its batch a nonce.
 */
export async function relayWaiting<Row extends SignedRow, On>(
  ctx: Context,
  kind: SignedKind<Row, On>,
  { daoId }: { daoId: string },
): Promise<void> {
  if (!ctx.chain.relayer) return
  const rows = await waitingOf(ctx, kind, daoId)
  // One group's trouble must not hold the others back.
  const faults: unknown[] = []
  let isLeft = rows.length === atOnce
  for (const lot of await kind.lots(ctx, { daoId, rows })) {
    const ready = kind.prepare ? await kind.prepare(ctx, lot) : lot.rows
    isLeft ||= ready.length < lot.rows.length
    for (const group of groupsOf(ctx, kind, ready))
      await relayGroup(ctx, kind, daoId, { on: lot.on, rows: group }).catch((error: unknown) => {
        faults.push(error)
      })
  }
  if (isLeft)
    await ctx.queue.send(
      ctx.db,
      kind.job,
      { daoId },
      { key: kind.jobKey(daoId), afterMs: kind.prepare ? preparedMs : 0 },
    )
  if (faults.length > 0) throw faults[0]
}

async function waitingOf<Row extends SignedRow, On>(
  ctx: Context,
  kind: SignedKind<Row, On>,
  daoId: string,
): Promise<Row[]> {
  let query = signedIn(ctx.db)
    .selectFrom(kind.table)
    .selectAll()
    .where(kind.daoId, '=', daoId)
    .where('state', '=', 'accepted')
  if (kind.deadline) query = query.orderBy(kind.deadline.at)
  const rows = await query.orderBy('tries').orderBy('accepted_at').limit(atOnce).execute()
  return rows as unknown as Row[]
}

/** What went out in vain goes out again in halves, and halves of those, until the one that spoils it is alone. */
function groupsOf<Row extends SignedRow, On>(ctx: Context, kind: SignedKind<Row, On>, rows: readonly Row[]): Row[][] {
  const goesAlone = (row: Row): boolean => kind.sendsContractsAlone && row.signer === 'contract'
  const groups = rows.filter(goesAlone).map((row) => [row])
  let last: Row[] | undefined
  for (const row of rows.filter((each) => !goesAlone(each))) {
    const most = Math.max(1, ctx.config.RELAY_BATCH_SIZE >> row.tries)
    if (last && last[0]?.tries === row.tries && last.length < most) last.push(row)
    else groups.push((last = [row]))
  }
  return groups
}

async function relayGroup<Row extends SignedRow, On>(
  ctx: Context,
  kind: SignedKind<Row, On>,
  daoId: string,
  lot: Lot<Row, On>,
): Promise<void> {
  const refusals = await dryRun(ctx, kind, lot)
  const refused = lot.rows.filter(({ id }) => refusals.has(id))
  await reconcile(ctx, kind, { on: lot.on, rows: refused, receipt: undefined, refusals })
  const good = lot.rows.filter(({ id }) => !refusals.has(id))
  if (good.length === 0) return
  const ids = good.map(({ id }) => id)
  const fees = await feesNear(ctx, kind, { daoId, ids })
  for (const call of kind.encode(ctx, { on: lot.on, rows: good }))
    await sendIntent(ctx, {
      purpose: kind.purpose,
      daoId,
      to: call.to,
      data: call.data,
      ...(call.gas === undefined ? {} : { gas: call.gas }),
      ...(fees ? { fees } : {}),
      within: (trx, intentId) => claim(ctx, trx, kind, { ids: call.ids, intentId }),
    }).catch(async (error: unknown) => {
      if (!(error instanceof Overtaken)) throw error
      await ctx.queue.send(ctx.db, kind.job, { daoId }, { key: kind.jobKey(daoId) })
    })
}

/** A node may refuse to run so much at once; then it is asked in halves. */
async function dryRun<Row extends SignedRow, On>(
  ctx: Context,
  kind: SignedKind<Row, On>,
  { on, rows }: Lot<Row, On>,
): Promise<ReadonlyMap<string, string>> {
  try {
    return await kind.dryRun(ctx, { on, rows })
  } catch (cause) {
    if (!isRevert(cause)) throw cause
    if (rows.length === 1) throw new RetryableError(`The dry run of one of the ${kind.plural} fails.`, { cause })
    const middle = Math.ceil(rows.length / 2)
    const halves = [rows.slice(0, middle), rows.slice(middle)]
    const answers = []
    for (const half of halves) answers.push(...(await dryRun(ctx, kind, { on, rows: half })))
    return new Map(answers)
  }
}

async function claim<Row extends SignedRow, On>(
  ctx: Context,
  trx: Trx,
  kind: SignedKind<Row, On>,
  { ids, intentId }: { ids: readonly string[]; intentId: string },
): Promise<void> {
  // In one order everywhere, so that nobody waits for one another.
  const waiting = await signedIn(trx)
    .selectFrom(kind.table)
    .selectAll()
    .where('id', 'in', ids)
    .where('state', '=', 'accepted')
    .orderBy('id')
    .forUpdate()
    .execute()
  if (waiting.length !== ids.length) throw new Overtaken()
  const batched = { state: 'batched', intent_id: intentId } as const
  await signedIn(trx).updateTable(kind.table).set(batched).where('id', 'in', ids).execute()
  for (const row of waiting) await kind.show(ctx, trx, { ...row, ...batched } as unknown as Row)
}

/** DAOs with messages that wait although their batch had its time to fill. */
export async function daosWaiting(ctx: Context, kind: AnySignedKind): Promise<string[]> {
  const rows = await signedIn(ctx.db)
    .selectFrom(kind.table)
    .select(kind.daoId.as('dao_id'))
    .distinct()
    .where(isHere(ctx, kind))
    .where('state', '=', 'accepted')
    .where('accepted_at', '<', new Date(ctx.now() - ctx.config.RELAY_FLUSH_SECONDS * 1_000))
    .execute()
  return rows.map(({ dao_id }) => dao_id)
}
