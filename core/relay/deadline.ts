import type { RawBuilder } from 'kysely'
import type { Context } from '../context.ts'
import type { IntentRow } from '../db/tables/ballots.ts'
import { quoteFees, raiseFees, type Fees } from './fees.ts'
import { isHere, signedIn, type AnySignedKind, type SignedKind, type SignedRow } from './signed.ts'

/** Closer to the end than this, in seconds or blocks, nothing waits for company, and the relayer offers more. */
export const hurrySeconds = 600n
/** Before the end by this much a voter is told that AutoCo cannot get the message through, so that there is time to act. */
const warnSeconds = 1_800n
/** A message that is on its way for less than this is no cause for alarm. */
const usualMs = 120_000

/** Near the end there is no time to wait and see what the market takes; undefined when there is. */
export async function feesNear<Row extends SignedRow, On>(
  ctx: Context,
  kind: SignedKind<Row, On>,
  { daoId, ids }: { daoId: string; ids: readonly string[] },
): Promise<Fees | undefined> {
  const first = await firstDeadline(ctx, kind, 'id', ids)
  if (!kind.deadline || !first || first.at - (await kind.deadline.now(ctx, daoId)) > hurrySeconds) return undefined
  const market = await quoteFees(ctx)
  return raiseFees(ctx, { maxFee: market.maxFee * 2n, tip: market.tip * 2n }, market) ?? market
}

/** Whether a transaction carries messages whose time ends soon. */
export async function isUrgent(ctx: Context, intent: Pick<IntentRow, 'id' | 'purpose'>): Promise<boolean> {
  const kind = ctx.kinds.signed.find(({ purpose }) => purpose === intent.purpose)
  const first = kind && (await firstDeadline(ctx, kind, 'intent_id', [intent.id]))
  if (!kind?.deadline || !first) return false
  return first.at - (await kind.deadline.now(ctx, first.daoId)) <= hurrySeconds
}

/** Tells voters whose messages are stuck while the end comes near that they can send them alone. */
export async function warnOfDelay(ctx: Context): Promise<void> {
  for (const kind of ctx.kinds.signed) await warnOf(ctx, kind)
}

async function warnOf(ctx: Context, kind: AnySignedKind): Promise<void> {
  const { deadline } = kind
  if (!deadline) return
  const stuck = await signedIn(ctx.db)
    .selectFrom(kind.table)
    .selectAll()
    .select([deadline.at.as('deadline_at'), kind.daoId.as('of_dao')])
    .where(isHere(ctx, kind))
    .where('state', 'in', ['accepted', 'batched'])
    .where('accepted_at', '<', new Date(ctx.now() - usualMs))
    .execute()
  for (const [daoId, rows] of Map.groupBy(stuck, ({ of_dao }) => of_dao)) {
    // Nothing is decided by it, and a chain that does not answer is just what a voter has to hear of.
    const now = await deadline.now(ctx, daoId).catch(() => deadline.ours(ctx, daoId))
    if (now === undefined) continue
    const late = rows.filter(({ deadline_at }) => BigInt(deadline_at) - now <= warnSeconds)
    for (const row of late) await ctx.db.transaction().execute((trx) => kind.show(ctx, trx, row, { delayed: true }))
  }
}

async function firstDeadline<Row extends SignedRow, On>(
  ctx: Context,
  kind: SignedKind<Row, On>,
  column: 'id' | 'intent_id',
  values: readonly string[],
): Promise<{ at: bigint; daoId: string } | undefined> {
  if (!kind.deadline) return undefined
  const first = await signedIn(ctx.db)
    .selectFrom(kind.table)
    .select([kind.deadline.at.as('at'), (kind.daoId as RawBuilder<string>).as('dao_id')])
    .where(column, 'in', values)
    .orderBy(kind.deadline.at)
    .limit(1)
    .executeTakeFirst()
  return first && { at: BigInt(first.at), daoId: first.dao_id }
}
