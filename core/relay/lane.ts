import { sql } from 'kysely'
import type { Address, Hex } from 'viem'
import { keccak256 } from 'viem'
import { z } from 'zod'
import type { Context, Trx } from '../context.ts'
import { crashpoint } from '../crashpoint.ts'
import type { IntentRow } from '../db/tables/ballots.ts'
import { RetryableError } from '../errors.ts'
import { declareJob } from '../job.ts'
import { gasFor, maxGas, quoteFees, relayerOf, type Fees } from './fees.ts'

/** Follows the relayer's transactions until they are final; `core/relay/jobs/settle.ts` runs it. */
export const settle = declareJob('settle', z.object({}))

export type Intent = {
  purpose: IntentRow['purpose']
  daoId?: string | undefined
  to: string
  data: string
  gas?: bigint
  /** To offer at first; what the market asks when left out. */
  fees?: Fees
  /** Claims what the transaction is for, in the database transaction that gives it a nonce; throwing gives it up. */
  within?: (trx: Trx, intentId: string) => Promise<void>
}

/** Thrown by `within`: another relayer was faster, or a newer message took the place of one. */
export class Overtaken extends Error {}

/** The order of one key's transactions on one chain. */
export const laneOf = (ctx: Pick<Context, 'chain'>): string => `${ctx.chain.id}:${relayerOf(ctx).address}`

/**
 * Makes a transaction that will happen exactly once: it gets the lane's next nonce for ever, its signed bytes are
 * stored, and only then is it sent. The same bytes may be sent again at any time, so a crash or a lost answer between
 * any two steps is harmless; `settleLane` goes on from what is stored.
 */
export async function sendIntent(ctx: Context, intent: Intent): Promise<string> {
  const fees = intent.fees ?? (await quoteFees(ctx))
  const gas = intent.gas ?? (await gasFor(ctx, intent))
  if (gas > maxGas) throw new Error(`A transaction of ${gas} gas is larger than ${maxGas}.`)
  const floor = await nonceFloor(ctx, gas * fees.maxFee)
  crashpoint(ctx, 'relay.claim')
  const { id, raw } = await ctx.db.transaction().execute((trx) => claim(ctx, trx, { ...intent, gas, fees, floor }))
  crashpoint(ctx, 'relay.send.before')
  await sendBytes(ctx, raw)
  crashpoint(ctx, 'relay.send.after')
  return id
}

/** One relayer at a time gives out nonces or signs on a lane; the lock ends with the transaction, whatever happens. */
export async function lockLane(ctx: Context, trx: Trx): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${laneOf(ctx)}, 0))`.execute(trx)
}

async function claim(
  ctx: Context,
  trx: Trx,
  params: Intent & { gas: bigint; fees: Fees; floor: number },
): Promise<{ id: string; raw: Hex }> {
  const lane = laneOf(ctx)
  await lockLane(ctx, trx)
  const { newest } = await trx
    .selectFrom('intent')
    .select((eb) => eb.fn.max('nonce').as('newest'))
    .where('lane', '=', lane)
    .executeTakeFirstOrThrow()
  // The chain may be ahead: the key was used elsewhere, or the database is an older copy.
  const nonce = newest === null ? params.floor : Math.max(newest + 1, params.floor)
  const claimed = await addIntent(ctx, trx, { ...params, nonce })
  await params.within?.(trx, claimed.id)
  return claimed
}

/** Writes an intent with its first signed attempt, in a transaction that holds the lane. */
export async function addIntent(
  ctx: Context,
  trx: Trx,
  params: Omit<Intent, 'within'> & { gas: bigint; fees: Fees; nonce: number },
): Promise<{ id: string; raw: Hex }> {
  const { purpose, daoId, to, data, gas, nonce, fees } = params
  const row = await trx
    .insertInto('intent')
    .values({ lane: laneOf(ctx), nonce, purpose, dao_id: daoId ?? null, to, data, gas: gas.toString(), state: 'open' })
    .returning('id')
    .executeTakeFirstOrThrow()
  crashpoint(ctx, 'relay.nonce')
  const raw = await addAttempt(ctx, trx, { id: row.id, to, data, gas: gas.toString(), nonce }, fees)
  await ctx.queue.send(trx, settle, {}, { key: 'settle', afterMs: 1_000 })
  return { id: row.id, raw }
}

/** Signs an intent at its nonce and stores the bytes before anybody sends them. */
export async function addAttempt(
  ctx: Context,
  trx: Trx,
  intent: Pick<IntentRow, 'id' | 'to' | 'data' | 'gas' | 'nonce'>,
  fees: Fees,
): Promise<Hex> {
  const raw = await relayerOf(ctx).signTransaction({
    type: 'eip1559',
    chainId: ctx.chain.id,
    to: intent.to as Address,
    data: intent.data as Hex,
    gas: BigInt(intent.gas),
    nonce: intent.nonce,
    maxFeePerGas: fees.maxFee,
    maxPriorityFeePerGas: fees.tip,
  })
  crashpoint(ctx, 'relay.sign')
  await trx
    .insertInto('attempt')
    .values({
      hash: keccak256(raw),
      intent_id: intent.id,
      raw,
      max_fee: fees.maxFee.toString(),
      tip: fees.tip.toString(),
    })
    .onConflict((conflict) => conflict.column('hash').doNothing())
    .execute()
  crashpoint(ctx, 'relay.store')
  return raw
}

/** What a node said of bytes it was given. None of it decides anything but when to look again: the chain decides. */
export type Sent = 'sent' | 'nonce-used' | 'underpriced' | 'no-funds' | 'unclear'

const answers: [RegExp, Sent][] = [
  [/already (known|imported|in (the )?(mem)?pool)|known transaction/i, 'sent'],
  [/nonce (is )?too low|old nonce|stale/i, 'nonce-used'],
  [/underpriced|less than block base fee|fee (cap )?too low|priority is too low/i, 'underpriced'],
  [/insufficient (funds|balance)/i, 'no-funds'],
]

export async function sendBytes(ctx: Context, raw: Hex): Promise<Sent> {
  const hash = keccak256(raw)
  const sent = await ctx.chain.client.sendRawTransaction({ serializedTransaction: raw }).then(
    () => 'sent' as const,
    (error: unknown) => {
      const text = String((error as { details?: string }).details ?? error)
      const answer = answers.find(([pattern]) => pattern.test(text))?.[1] ?? 'unclear'
      if (answer === 'no-funds') ctx.log.error({ relayer: relayerOf(ctx).address, hash }, 'the relayer cannot pay')
      else if (answer !== 'sent') ctx.log.warn({ hash, answer }, 'transaction not taken yet')
      return answer
    },
  )
  if (sent === 'sent')
    await ctx.db
      .updateTable('attempt')
      .set({ first_sent_at: new Date(ctx.now()) })
      .where('hash', '=', hash)
      .where('first_sent_at', 'is', null)
      .execute()
  return sent
}

async function nonceFloor(ctx: Context, cost: bigint): Promise<number> {
  const { address } = relayerOf(ctx)
  const [floor, balance] = await Promise.all([
    ctx.chain.client.getTransactionCount({ address, blockTag: 'pending' }),
    ctx.chain.client.getBalance({ address }),
  ]).catch((cause: unknown) => {
    throw new RetryableError('The chain does not answer.', { cause })
  })
  if (balance < cost) {
    ctx.log.error({ relayer: address, balance: balance.toString(), cost: cost.toString() }, 'the relayer cannot pay')
    throw new RetryableError('The relayer has too little coin.', { afterMs: 60_000 })
  }
  return floor
}
