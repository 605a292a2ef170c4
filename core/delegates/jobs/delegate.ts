import { delegateOf, delegation, delegationBatch } from '../../ballots/delegate.ts'
import { Overtaken, sendIntent } from '../../relay/lane.ts'
import type { IntentKind, Settled } from '../../relay/settled.ts'
import type { Context, Trx } from '../../context.ts'
import type { IntentRow } from '../../db/tables/ballots.ts'
import { defineJob } from '../../job.ts'

const batchSize = 50

/** Relays waiting delegations. */
export const delegateJob = defineJob({
  ...delegation,
  retry: { limit: 20, delayMs: 2_000, backoff: true },
  concurrency: 1,
  async run(ctx: Context) {
    if (!ctx.chain.relayer) return
    const rows = await ctx.db
      .selectFrom('delegation')
      .selectAll()
      .where('state', '=', 'accepted')
      .orderBy('created_at')
      .limit(batchSize)
      .execute()
    for (const { ids, to, data } of delegationBatch(ctx.chain.addresses.multicall, rows))
      await sendIntent(ctx, {
        purpose: 'delegate',
        to,
        data,
        within: (trx, intentId) => claim(trx, { ids, intentId }),
      }).catch((error: unknown) => {
        if (!(error instanceof Overtaken)) throw error
      })
    if (rows.length === batchSize) await ctx.queue.send(ctx.db, delegation, {}, { key: 'delegate' })
  },
})

async function claim(trx: Trx, { ids, intentId }: { ids: readonly string[]; intentId: string }): Promise<void> {
  const claimed = await trx
    .updateTable('delegation')
    .set({ state: 'sent', intent_id: intentId })
    .where('id', 'in', ids)
    .where('state', '=', 'accepted')
    .returning('id')
    .execute()
  if (claimed.length !== ids.length) throw new Overtaken()
}

export const delegationIntents: IntentKind = {
  purpose: 'delegate',
  settled: delegationsSettled,
  async wake(ctx) {
    const row = await ctx.db
      .selectFrom('delegation')
      .select('state')
      .where('state', '=', 'accepted')
      .limit(1)
      .executeTakeFirst()
    if (row) await ctx.queue.send(ctx.db, delegation, {}, { key: delegation.name })
  },
}

/** Settles delegations by what the token says, as often as the chain changes its mind. */
async function delegationsSettled(ctx: Context, { intent, event }: Settled): Promise<void> {
  if (event === 'mined') return await delegateOutcome(ctx, intent)
  if (event === 'final') return
  await ctx.db.transaction().execute(async (trx) => {
    await trx
      .updateTable('delegation')
      .set(event === 'elsewhere' ? { state: 'accepted', intent_id: null } : { state: 'sent' })
      .where('intent_id', '=', intent.id)
      .execute()
    if (event === 'elsewhere') await ctx.queue.send(trx, delegation, {}, { key: 'delegate' })
  })
}

/** The token used the signature's nonce: nothing else could have. */
async function delegateOutcome(ctx: Context, intent: Pick<IntentRow, 'id'>): Promise<void> {
  const rows = await ctx.db
    .selectFrom('delegation')
    .selectAll()
    .where('intent_id', '=', intent.id)
    .where('state', '=', 'sent')
    .execute()
  for (const row of rows) {
    const now = await delegateOf(ctx, { token: row.token, account: row.delegator })
    const state = now.nonce > BigInt(row.nonce) ? 'done' : 'failed'
    await ctx.db.updateTable('delegation').set({ state }).where('id', '=', row.id).execute()
  }
}
