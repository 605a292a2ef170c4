import { showCard } from '../chat/outbox.ts'
import type { Context, Trx } from '../context.ts'
import type { ProposalStateName } from '../db/tables/governance.ts'
import { announce } from '../governance/announce.ts'
import { proposalById, type Proposal } from '../governance/proposal.ts'
import { readRecord, unitsOf, type ProposalRecord } from '../governance/record.ts'
import { pageUrl } from '../origin.ts'
import { endsSoonAt, proposalCard } from '../views/proposal.ts'
import { defineJob } from './queue.ts'

/** Draws the card of a proposal wherever its DAO is heard of; the outbox sends only what changed. */
export const announceJob = defineJob({
  ...announce,
  retry: { limit: 20, delayMs: 1_000, backoff: true },
  concurrency: 2,
  expireSeconds: 60,
  async run(ctx: Context, { proposalId }) {
    const units = await unitsOf(ctx, await proposalById(ctx, proposalId))
    await ctx.db.transaction().execute(async (trx) => {
      // One after the other: what is read here is newer than what any earlier run has shown.
      await trx.selectFrom('proposal').select('id').where('id', '=', proposalId).forUpdate().execute()
      const record = await readRecord(trx, { id: proposalId, units })
      for (const { platform, channel } of await channelsFor(trx, record.proposal)) {
        const own = await readRecord(trx, { id: proposalId, units, channel: { platform, id: channel } })
        const view = proposalCard({ record: own, page: pageUrl(ctx.config, `/p/${own.proposal.ref}`) })
        await showCard(trx, ctx.queue, { key: cardKey(proposalId, platform, channel), platform, channel, view })
      }
      const afterMs = msUntilEnding(record)
      if (afterMs !== undefined) await ctx.queue.send(trx, announce, { proposalId }, { key: proposalId, afterMs })
    })
  },
})

const cardKey = (id: string, platform: string, channel: string): string => `proposal/${id}/${platform}/${channel}`

const open: readonly ProposalStateName[] = ['pending', 'active', 'succeeded', 'queued']

/**
 * Which channels show it. A card that is there is always kept up to date. A new one appears for what is going on, or has
 * happened since the channel began to listen: what was history by then is shown to those who ask for it (`/proposal`).
 */
async function channelsFor(trx: Trx, proposal: Proposal): Promise<{ platform: string; channel: string }[]> {
  const subscriptions = await trx
    .selectFrom('subscription')
    .select(['platform', 'channel', 'created_at'])
    .where('dao_id', '=', proposal.dao_id)
    .orderBy('created_at')
    .execute()
  const keys = subscriptions.map(({ platform, channel }) => cardKey(proposal.id, platform, channel))
  if (keys.length === 0) return []
  const cards = await trx.selectFrom('effect').select('key').where('key', 'in', keys).execute()
  const hasCard = new Set(cards.map(({ key }) => key))
  return subscriptions.filter(({ platform, channel, created_at }) => {
    if (hasCard.has(cardKey(proposal.id, platform, channel))) return true
    if (!proposal.announced || proposal.orphaned_at) return false
    return open.includes(proposal.state) || proposal.created_at >= created_at
  })
}

function msUntilEnding(record: ProposalRecord): number | undefined {
  const soon = endsSoonAt(record)
  if (record.proposal.state !== 'active' || record.proposal.orphaned_at) return undefined
  if (soon === undefined || record.now === undefined || record.now >= soon) return undefined
  return (soon - record.now) * 1_000
}
