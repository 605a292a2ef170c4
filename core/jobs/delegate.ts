import { delegateOf, delegation, delegationBatch } from '../ballots/delegate.ts'
import { sendIntent } from '../ballots/lane.ts'
import type { Context } from '../context.ts'
import type { IntentRow } from '../db/tables/ballots.ts'
import { defineJob } from './queue.ts'

const batchSize = 50

/** Relays waiting delegations. */
export const delegateJob = defineJob({
  ...delegation,
  retry: { limit: 20, delayMs: 2_000, backoff: true },
  concurrency: 1,
  async run(ctx: Context) {
    const rows = await ctx.db
      .selectFrom('delegation')
      .selectAll()
      .where('state', '=', 'accepted')
      .orderBy('created_at')
      .limit(batchSize)
      .execute()
    for (const call of delegationBatch(ctx.chain.addresses.multicall, rows)) {
      const ids = rows.map((row) => row.id)
      await sendIntent(ctx, {
        purpose: 'delegate',
        to: call.to,
        data: call.data,
        async within(trx, intentId) {
          await trx
            .updateTable('delegation')
            .set({ state: 'sent', intent_id: intentId })
            .where('id', 'in', ids)
            .where('state', '=', 'accepted')
            .execute()
        },
      })
    }
  },
})

/** Settles a mined delegation by what the token says: its nonce moved and its delegate is the one that was signed. */
export async function delegateOutcome(ctx: Context, intent: Pick<IntentRow, 'id'>): Promise<void> {
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
