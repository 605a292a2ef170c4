import { showCards, type Card } from '../chat/outbox.ts'
import type { Context, Trx } from '../context.ts'
import type { ProposalStateName } from '../db/tables/governance.ts'
import { announce } from '../governance/announce.ts'
import { proposalById, type Proposal } from '../governance/proposal.ts'
import { readRecord, unitsOf } from '../governance/record.ts'
import { summarySubject } from '../governance/summary-subject.ts'
import { pageUrl } from '../origin.ts'
import type { Channel } from '../platform.ts'
import { settingsOfAll } from '../settings/settings.ts'
import { proposalCard } from '../views/proposal.ts'
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
      const proposal = await proposalById({ db: trx }, proposalId)
      const page = pageUrl(ctx.config, `/p/${proposal.ref}`)
      const everywhere = proposalCard({ record: await readRecord(trx, { id: proposalId, units }), page })
      const talking = await talkingIn(trx, proposalId)
      const cards: Card[] = []
      for (const channel of await channelsFor(trx, proposal)) {
        const { platform, id } = channel
        // Only where people talked about it does the card differ.
        const view = talking.has(summarySubject(proposalId, channel))
          ? proposalCard({ record: await readRecord(trx, { id: proposalId, units, channel }), page })
          : everywhere
        cards.push({ key: cardKey(proposalId, channel), platform, channel: id, view })
      }
      await showCards(trx, ctx.queue, cards)
    })
  },
})

async function talkingIn(trx: Trx, proposalId: string): Promise<Set<string>> {
  const rows = await trx
    .selectFrom('summary')
    .select('subject')
    .where('subject', 'like', `${summarySubject(proposalId)}/%`)
    .execute()
  return new Set(rows.map(({ subject }) => subject))
}

const cardKey = (id: string, channel: Channel): string => `proposal/${id}/${channel.platform}/${channel.id}`

const open: readonly ProposalStateName[] = ['pending', 'active', 'succeeded', 'queued']

/**
 * Which channels show it. A card that is there is always kept up to date. A new one appears for what is going on, or has
 * happened since the channel began to listen: what was history by then is shown to those who ask for it (`/proposal`).
 * A proposal that the listener found as history has `announced` off until its story goes on.
 */
async function channelsFor(trx: Trx, proposal: Proposal): Promise<Channel[]> {
  const subscriptions = await trx
    .selectFrom('subscription')
    .select(['platform', 'channel as id', 'created_at'])
    .where('dao_id', '=', proposal.dao_id)
    .orderBy('created_at')
    .execute()
  const keys = subscriptions.map((channel) => cardKey(proposal.id, channel))
  if (keys.length === 0) return []
  const cards = await trx.selectFrom('effect').select('key').where('key', 'in', keys).execute()
  const hasCard = new Set(cards.map(({ key }) => key))
  const settings = await settingsOfAll({ db: trx }, { channels: subscriptions, daoId: proposal.dao_id })
  return subscriptions.filter((channel) => {
    if (hasCard.has(cardKey(proposal.id, channel))) return true
    if (!settings(channel).events.new) return false
    if (!proposal.announced || proposal.orphaned_at) return false
    return open.includes(proposal.state) || proposal.created_at >= channel.created_at
  })
}
