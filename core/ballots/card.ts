import { showCard } from '../chat/outbox.ts'
import type { Context, Trx } from '../context.ts'
import { ballotView, type BallotCard } from './views/ballot.ts'
import { single } from '../voting/single.ts'
import { storedBallot, type StoredBallot } from './stored.ts'

/** Tells the voter, in private, how far their ballot has come: one message, edited in place. */
export async function showBallotCard(
  ctx: Pick<Context, 'queue'>,
  trx: Trx,
  id: string,
  more: Pick<BallotCard, 'delayed'> = {},
): Promise<void> {
  const ballot = await storedBallot(trx, id)
  const { platform, channel } = ballot.row
  if (platform === null || channel === null) return
  await showCard(trx, ctx.queue, {
    key: `ballot/${id}`,
    platform,
    channel,
    view: ballotView({ ...cardOf(ballot), ...more }),
  })
}

export const cardOf = ({ row, proposal, voter, support, tx }: StoredBallot): BallotCard => ({
  id: row.id,
  ref: proposal.ref,
  title: proposal.title,
  choice: single.describe(support),
  voter,
  reason: row.reason,
  state: row.state,
  reasonCode: row.reason_code,
  block: row.block_number ?? undefined,
  tx,
})
