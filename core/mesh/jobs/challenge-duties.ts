import type { Address, Hex } from 'viem'
import { refusalOf } from '../../chain/refusal.ts'
import { spendBudget } from '../../relay/budget.ts'
import { gasFor, relayerOf } from '../../relay/fees.ts'
import { Overtaken, sendIntent } from '../../relay/lane.ts'
import type { IntentKind, Settled } from '../../relay/settled.ts'
import type { Context, Trx } from '../../context.ts'
import { UserError } from '../../errors.ts'
import { readHeads } from '../../chain/header.ts'
import { readChallenge } from '../find.ts'
import { dutiesOf, type Duty } from '../duties.ts'
import { dutyCall } from '../duty-call.ts'
import { challengeDuties } from '../jobs.ts'
import type { ChallengeRecord } from '../record.ts'
import { defineJob } from '../../job.ts'

const longestMs = 600_000
const againMs = 15_000

/**
 * Carries out what anyone may: finds tasks late or accepted when their time is over, adopts the plan that the sponsors
 * approved, shows what was sealed, pays out. What the contract would refuse costs nothing, and each is sent once.
 */
export const challengeDutiesJob = defineJob({
  ...challengeDuties,
  retry: { limit: 20, delayMs: 2_000, backoff: true },
  concurrency: 1,
  async run(ctx: Context, { challengeId }) {
    if (!ctx.chain.relayer) return
    const record = await readChallenge(ctx, challengeId)
    if (record.gone_at || record.global.chain_id !== ctx.chain.id) return
    const { latest } = await readHeads(ctx)
    const now = Number(latest.time)
    const duties = dutiesOf(record)
    const waits: number[] = []
    for (const duty of duties) {
      if (duty.due >= now) waits.push((duty.due - now + 1) * 1_000)
      else if (!(await carryOut(ctx, record, duty))) waits.push(againMs)
    }
    const wait = Math.min(...waits, longestMs)
    if (waits.length > 0)
      await ctx.queue.send(ctx.db, challengeDuties, { challengeId }, { key: challengeId, afterMs: wait })
  },
})

/** False when it may be worth another look soon. */
async function carryOut(ctx: Context, record: ChallengeRecord, duty: Duty): Promise<boolean> {
  const known = await ctx.db
    .selectFrom('challenge_duty')
    .select('key')
    .where('challenge_id', '=', record.id)
    .where('key', '=', duty.key)
    .executeTakeFirst()
  if (known) return true
  try {
    const data = await dutyCall(ctx, record, duty)
    if (data === undefined) return true
    const call = { to: record.address, data }
    if (!(await wouldPass(ctx, call))) return duty.due === 0
    const gas = await gasFor(ctx, call)
    await sendIntent(ctx, {
      purpose: 'challenge',
      daoId: record.global.id,
      ...call,
      gas,
      async within(trx, intentId) {
        await claim(trx, { record, duty, intentId })
        await spendBudget(ctx, trx, {
          daoId: record.global.id,
          voter: `challenge/${record.id}/${duty.key}`,
          gas,
          what: 'steps of challenges',
        })
      },
    })
    return true
  } catch (error) {
    if (error instanceof Overtaken) return true
    if (error instanceof UserError || refusalOf(error) !== undefined) return false
    throw error
  }
}

async function claim(
  trx: Trx,
  { record, duty, intentId }: { record: ChallengeRecord; duty: Duty; intentId: string },
): Promise<void> {
  const row = await trx
    .insertInto('challenge_duty')
    .values({ challenge_id: record.id, key: duty.key, intent_id: intentId })
    .onConflict((conflict) => conflict.doNothing())
    .returning('key')
    .executeTakeFirst()
  if (!row) throw new Overtaken()
}

async function wouldPass(ctx: Context, { to, data }: { to: string; data: Hex }): Promise<boolean> {
  try {
    // The next block, not the newest one: time may have gone on since.
    await ctx.chain.client.call({ account: relayerOf(ctx).address, to: to as Address, data, blockTag: 'pending' })
    return true
  } catch (error) {
    if (refusalOf(error) === undefined) throw error
    return false
  }
}

export const dutyIntents: IntentKind = {
  purpose: 'challenge',
  settled: challengeDutiesSettled,
}

/** Where the nonce went to something else, it is done anew. */
async function challengeDutiesSettled(ctx: Context, { intent, event }: Settled): Promise<void> {
  if (event !== 'elsewhere') return
  await ctx.db.transaction().execute(async (trx) => {
    const rows = await trx
      .deleteFrom('challenge_duty')
      .where('intent_id', '=', intent.id)
      .returning('challenge_id')
      .execute()
    for (const { challenge_id: challengeId } of rows)
      await ctx.queue.send(trx, challengeDuties, { challengeId }, { key: challengeId })
  })
}
