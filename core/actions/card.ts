import { showCard } from '../chat/outbox.ts'
import type { Context, Trx } from '../context.ts'
import { actionView } from './views/action.ts'
import { actionById } from './page.ts'

/** Tells who asked for it, in private, how far it has come: one message, edited in place. */
export async function showActionCard(
  ctx: Pick<Context, 'queue'>,
  trx: Trx,
  id: string,
  { delayed }: { delayed: boolean } = { delayed: false },
): Promise<void> {
  const found = await actionById(trx, id)
  if (!found) return
  const { row, steps } = found
  await showCard(trx, ctx.queue, {
    key: `action/${id}`,
    platform: row.platform,
    channel: row.channel,
    view: actionView({
      title: row.title,
      delayed,
      wallet: row.wallet,
      rows: row.rows as { label: string; value: string }[],
      next: row.next as { label: string; run: string }[],
      steps: steps.map((step) => ({
        label: step.label,
        kind: step.kind,
        isBallot: step.batch !== null,
        state: step.state,
        reason: step.reason ?? undefined,
        block: step.block_number ?? undefined,
        tx: step.tx_hash ?? undefined,
      })),
    }),
  })
}
