import { autoIds } from '../../../contracts/generated.ts'
import { encodeFunctionData, type Hex } from 'viem'
import { sendIntent } from '../../relay/lane.ts'
import type { IntentKind, Settled } from '../../relay/settled.ts'
import type { Context } from '../../context.ts'
import { crashpoint } from '../../crashpoint.ts'
import type { IntentRow } from '../../db/tables/ballots.ts'
import type { RegistrationRow } from '../../db/tables/identity.ts'
import { RetryableError } from '../../errors.ts'
import { readAutoId } from '../../identity/auto-id.ts'
import { enrol, registration, registrationCall } from '../../identity/registration.ts'
import { defineJob } from '../../job.ts'

const batchSize = 50

/** Sends the signed registrations of linked wallets, many in one transaction; one that would fail never costs gas. */
export const registerJob = defineJob({
  ...registration,
  retry: { limit: 20, delayMs: 2_000, backoff: true },
  concurrency: 1,
  async run(ctx: Context) {
    if (!ctx.chain.relayer) return
    const rows = await waitingRows(ctx)
    if (rows.length === 0) return
    const ids = await tryAll(ctx, rows)
    const good = rows.filter((_row, index) => (ids[index] ?? 0n) !== 0n)
    for (const row of rows) if (!good.includes(row)) await settle(ctx, row, 'The registry would not take it.')
    if (good.length > 0) {
      await sendIntent(ctx, {
        purpose: 'register',
        to: ctx.chain.addresses.autoIds,
        data: encodeFunctionData({ abi: autoIds.abi, functionName: 'registerMany', args: batchOf(good) }),
        async within(trx, intentId) {
          await trx
            .updateTable('registration')
            .set({ state: 'sent', intent_id: intentId })
            .where(
              'digest',
              'in',
              good.map((row) => row.digest),
            )
            .where('state', '=', 'accepted')
            .execute()
        },
      })
      crashpoint(ctx, 'register.sent')
    }
    if (rows.length === batchSize) await ctx.queue.send(ctx.db, registration, {}, { key: 'register' })
  },
})

export const registrationIntents: IntentKind = {
  purpose: 'register',
  settled: registrationsSettled,
  async wake(ctx) {
    const row = await ctx.db
      .selectFrom('registration')
      .select('state')
      .where('state', '=', 'accepted')
      .limit(1)
      .executeTakeFirst()
    if (row) await ctx.queue.send(ctx.db, registration, {}, { key: registration.name })
  },
}

/** Settles registrations by what the registry says of each wallet, as often as the chain changes its mind. */
async function registrationsSettled(ctx: Context, { intent, event }: Settled): Promise<void> {
  if (event === 'mined') return await registerOutcome(ctx, intent)
  if (event === 'final') return
  await ctx.db.transaction().execute(async (trx) => {
    await trx
      .updateTable('registration')
      .set(event === 'elsewhere' ? { state: 'accepted', intent_id: null } : { state: 'sent', auto_id: null })
      .where('intent_id', '=', intent.id)
      .execute()
    if (event === 'elsewhere') await ctx.queue.send(trx, registration, {}, { key: 'register' })
  })
}

/** Settles mined registrations by what the registry says of each wallet. */
export async function registerOutcome(ctx: Context, intent: Pick<IntentRow, 'id'>): Promise<void> {
  const rows = await ctx.db
    .selectFrom('registration')
    .selectAll()
    .where('intent_id', '=', intent.id)
    .where('state', '=', 'sent')
    .execute()
  for (const row of rows) await settle(ctx, row, 'The registry did not take it.')
}

/** One a wallet, and none for a wallet that waits for a transaction already. */
function waitingRows(ctx: Context): Promise<RegistrationRow[]> {
  return ctx.db
    .selectFrom('registration')
    .innerJoin('wallet', 'wallet.address', 'registration.controller')
    .selectAll('registration')
    .distinctOn('registration.controller')
    .where('registration.chain_id', '=', ctx.chain.id)
    .where('registration.state', '=', 'accepted')
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('registration as other')
            .select('other.digest')
            .whereRef('other.controller', '=', 'registration.controller')
            .where('other.state', '=', 'sent'),
        ),
      ),
    )
    .orderBy('registration.controller')
    .orderBy('registration.created_at', 'desc')
    .limit(batchSize)
    .execute()
}

async function tryAll(ctx: Context, rows: readonly RegistrationRow[]): Promise<readonly bigint[]> {
  try {
    const { result } = await ctx.chain.client.simulateContract({
      account: ctx.chain.relayer ?? null,
      address: ctx.chain.addresses.autoIds,
      abi: autoIds.abi,
      functionName: 'registerMany',
      args: batchOf(rows),
    })
    return result
  } catch (cause) {
    throw new RetryableError('The registry of Auto IDs does not answer.', { cause })
  }
}

async function settle(ctx: Context, row: RegistrationRow, reason: string): Promise<void> {
  const autoId = await readAutoId(ctx, row.controller)
  await ctx.db.transaction().execute(async (trx) => {
    if (!autoId) {
      await trx.updateTable('registration').set({ state: 'failed', reason }).where('digest', '=', row.digest).execute()
      return
    }
    // Whoever signed twice, as after a crash, is registered once all the same.
    await trx
      .updateTable('registration')
      .set({ state: 'registered', auto_id: autoId.id.toString(), reason: null })
      .where((eb) =>
        eb.or([eb('digest', '=', row.digest), eb('controller', '=', row.controller).and('state', '=', 'accepted')]),
      )
      .execute()
    await ctx.queue.send(trx, enrol, {}, { key: 'enrol' })
  })
}

const batchOf = (rows: readonly RegistrationRow[]): [ReturnType<typeof registrationCall>[], Hex[]] => [
  rows.map((row) => registrationCall(row.payload)),
  rows.map((row) => row.signature as Hex),
]
