import { showCard } from '../chat/outbox.ts'
import type { Context } from '../context.ts'
import { proposalById } from '../governance/proposal.ts'
import { reminderKey, reminderView } from './views/reminder.ts'
import { hasVoted } from '../governance/voted.ts'

/** Reminders that are of no use any more say so: the person voted, or the vote is over. */
export async function endReminders(ctx: Pick<Context, 'db' | 'queue'>): Promise<void> {
  const open = await ctx.db
    .selectFrom('reminder')
    .innerJoin('proposal', 'proposal.id', 'reminder.proposal_id')
    .selectAll('reminder')
    .select(['proposal.state', 'proposal.orphaned_at'])
    .where('reminder.ended', 'is', null)
    .execute()
  for (const row of open) {
    const voted = await hasVoted(ctx.db, { proposalId: row.proposal_id, personId: row.person_id })
    const isOver = row.state !== 'active' || row.orphaned_at !== null
    if (voted || isOver) await endReminder(ctx, row, voted ? 'voted' : 'over')
  }
}

export async function endReminder(
  ctx: Pick<Context, 'db' | 'queue'>,
  row: { proposal_id: string; person_id: string; mark: number; platform: string; channel: string },
  ended: 'voted' | 'over' | 'snoozed',
): Promise<void> {
  await ctx.db.transaction().execute(async (trx) => {
    const changed = await trx
      .updateTable('reminder')
      .set({ ended })
      .where('proposal_id', '=', row.proposal_id)
      .where('person_id', '=', row.person_id)
      .where('mark', '=', row.mark)
      .where('ended', 'is', null)
      .returning('mark')
      .executeTakeFirst()
    if (!changed) return
    const proposal = await proposalById({ db: trx }, row.proposal_id)
    const { platform, channel } = row
    await showCard(trx, ctx.queue, {
      key: reminderKey(row),
      platform,
      channel,
      view: reminderView({ proposal, ended }),
    })
  })
}
