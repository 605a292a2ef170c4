import type { Hex, TransactionReceipt } from 'viem'
import { TransactionReceiptNotFoundError } from 'viem'
import type { Context } from '../context.ts'
import { crashpoint } from '../crashpoint.ts'
import type { AttemptRow, IntentRow } from '../db/tables/ballots.ts'
import { RetryableError } from '../errors.ts'
import { quoteFees, raiseFees, relayerOf } from './fees.ts'
import { isUrgent } from './deadline.ts'
import { chainHeads } from './finality.ts'
import { addAttempt, addIntent, laneOf, lockLane, sendBytes } from './lane.ts'
import { settled } from './reconcile.ts'
import type { Settled } from './settled.ts'

const calmMs = 30_000
const urgentMs = 6_000

type View = { head: bigint; final: bigint; nonce: number; finalNonce: number }

/**
 * Looks at every transaction that is not final yet: tells what became of it, sends the stored bytes again, offers more
 * where the market rose. It decides from the chain alone, so it may be run at any time, by any number of processes.
 */
export async function settleLane(ctx: Context): Promise<void> {
  const view = await viewOf(ctx)
  await fillGaps(ctx, view)
  const intents = await ctx.db
    .selectFrom('intent')
    .selectAll()
    .where('lane', '=', laneOf(ctx))
    .where('state', 'in', ['open', 'mined'])
    .orderBy('nonce')
    .execute()
  for (const intent of intents)
    await settleIntent(ctx, { intent, view }).catch((error: unknown) => {
      if (error instanceof RetryableError) throw error
      // One transaction that cannot be understood must not keep the others from being followed.
      ctx.log.error({ intent: intent.id, error }, 'transaction not settled')
    })
}

function outcomeOf(ctx: Context, { purpose }: IntentRow): (fate: Settled) => Promise<void> {
  // It only keeps the nonces in order.
  if (purpose === 'noop') return () => Promise.resolve()
  const signed = ctx.kinds.signed.find((each) => each.purpose === purpose)
  if (signed) return (fate) => settled(ctx, signed, fate)
  const kind = ctx.kinds.intents.find((each) => each.purpose === purpose)
  if (!kind) throw new Error(`Nothing follows transactions of the purpose ${purpose}.`)
  return (fate) => kind.settled(ctx, fate)
}

export async function hasUnsettled(ctx: Context): Promise<boolean> {
  const row = await ctx.db
    .selectFrom('intent')
    .select('id')
    .where('lane', '=', laneOf(ctx))
    .where('state', 'in', ['open', 'mined'])
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

async function settleIntent(ctx: Context, { intent, view }: { intent: IntentRow; view: View }): Promise<void> {
  const tell = outcomeOf(ctx, intent)
  const attempts = await ctx.db
    .selectFrom('attempt')
    .selectAll()
    .where('intent_id', '=', intent.id)
    .orderBy('created_at', 'desc')
    .execute()
  const receipt = intent.nonce < view.nonce || intent.state === 'mined' ? await receiptOf(ctx, attempts) : undefined
  crashpoint(ctx, 'settle.receipt')
  if (receipt) {
    const isNews = intent.state === 'open' || intent.block_hash !== receipt.blockHash
    if (isNews) await tell({ intent, event: 'mined', receipt })
    crashpoint(ctx, 'settle.outcome')
    const isFinal = receipt.blockNumber <= view.final
    if (isFinal) await tell({ intent, event: 'final', receipt })
    crashpoint(ctx, 'settle.final')
    if (isNews || isFinal) await mark(ctx, intent, isFinal ? 'final' : 'mined', receipt)
    return
  }
  if (intent.nonce < view.finalNonce) {
    ctx.log.error({ intent: intent.id, nonce: intent.nonce }, 'the relayer key is used elsewhere')
    await tell({ intent, event: 'elsewhere', receipt: undefined })
    await mark(ctx, intent, 'elsewhere', undefined)
    return
  }
  if (intent.state === 'mined') {
    ctx.log.warn({ intent: intent.id }, 'a reorg took a transaction back')
    await tell({ intent, event: 'undone', receipt: undefined })
    await mark(ctx, intent, 'open', undefined)
  }
  // A nonce used by a block that is not final may come free again: until then there is nothing to send.
  if (intent.nonce >= view.nonce) await sendAgain(ctx, { intent, attempts, isUrgent: await isUrgent(ctx, intent) })
}

async function mark(
  ctx: Context,
  intent: IntentRow,
  state: IntentRow['state'],
  receipt: TransactionReceipt | undefined,
): Promise<void> {
  await ctx.db
    .updateTable('intent')
    .set({
      state,
      block_number: receipt?.blockNumber.toString() ?? null,
      block_hash: receipt?.blockHash ?? null,
      gas_used: receipt?.gasUsed.toString() ?? null,
    })
    .where('id', '=', intent.id)
    .where('state', 'in', ['open', 'mined'])
    .execute()
}

/** Any attempt of an intent may be the one that is mined. */
async function receiptOf(ctx: Context, attempts: readonly AttemptRow[]): Promise<TransactionReceipt | undefined> {
  for (const attempt of attempts) {
    try {
      return await ctx.chain.client.getTransactionReceipt({ hash: attempt.hash as Hex })
    } catch (cause) {
      if (cause instanceof TransactionReceiptNotFoundError) continue
      throw new RetryableError('The chain does not answer.', { cause })
    }
  }
  return undefined
}

/** The newest stored bytes once more, or after some patience new ones for more, at the same nonce. */
async function sendAgain(
  ctx: Context,
  { intent, attempts, isUrgent }: { intent: IntentRow; attempts: readonly AttemptRow[]; isUrgent: boolean },
): Promise<void> {
  const newest = attempts[0]
  if (!newest) throw new Error(`Intent ${intent.id} has no signed bytes.`)
  const market = await quoteFees(ctx)
  const last = { maxFee: BigInt(newest.max_fee), tip: BigInt(newest.tip) }
  const waitedMs = newest.first_sent_at ? ctx.now() - newest.first_sent_at.getTime() : 0
  const patienceMs = isUrgent ? urgentMs : calmMs
  if (waitedMs <= patienceMs && last.maxFee >= market.baseFee) {
    const answer = await sendBytes(ctx, newest.raw as Hex)
    if (answer !== 'underpriced') return
  }
  const fees = raiseFees(ctx, last, market)
  if (!fees) {
    ctx.log.warn({ intent: intent.id, baseFee: market.baseFee.toString() }, 'the fee ceiling is reached')
    await sendBytes(ctx, newest.raw as Hex)
    return
  }
  const raw = await ctx.db.transaction().execute(async (trx) => {
    await lockLane(ctx, trx)
    const { hash } = await trx
      .selectFrom('attempt')
      .select('hash')
      .where('intent_id', '=', intent.id)
      .orderBy('created_at', 'desc')
      .executeTakeFirstOrThrow()
    // Another relayer has raised it in the meantime.
    return hash === newest.hash ? addAttempt(ctx, trx, intent, fees) : undefined
  })
  if (raw) await sendBytes(ctx, raw)
}

const emptyGas = 30_000n

/** A foreign transaction that a reorg took back leaves a nonce that nobody uses, and everything behind it would wait. */
async function fillGaps(ctx: Context, view: View): Promise<void> {
  const rows = await ctx.db
    .selectFrom('intent')
    .select('nonce')
    .where('lane', '=', laneOf(ctx))
    .where('nonce', '>=', view.nonce)
    .orderBy('nonce')
    .execute()
  const known = new Set(rows.map((row) => row.nonce))
  const newest = rows.at(-1)?.nonce ?? -1
  for (let nonce = view.nonce; nonce < newest; nonce += 1) {
    if (known.has(nonce)) continue
    const fees = await quoteFees(ctx)
    const raw = await ctx.db.transaction().execute(async (trx) => {
      await lockLane(ctx, trx)
      const taken = await trx
        .selectFrom('intent')
        .select('id')
        .where('lane', '=', laneOf(ctx))
        .where('nonce', '=', nonce)
        .executeTakeFirst()
      if (taken) return undefined
      const call = { purpose: 'noop', to: relayerOf(ctx).address, data: '0x', gas: emptyGas } as const
      return (await addIntent(ctx, trx, { ...call, fees, nonce })).raw
    })
    if (raw) await sendBytes(ctx, raw)
  }
}

async function viewOf(ctx: Context): Promise<View> {
  const { address } = relayerOf(ctx)
  const { head, final } = await chainHeads(ctx)
  try {
    const [nonce, finalNonce] = await Promise.all([
      ctx.chain.client.getTransactionCount({ address }),
      ctx.chain.client.getTransactionCount({ address, blockNumber: final }),
    ])
    return { head, final, nonce, finalNonce }
  } catch (cause) {
    throw new RetryableError('The chain does not answer.', { cause })
  }
}
