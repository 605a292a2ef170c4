import { showCards, type Card } from '../chat/outbox.ts'
import type { Context, Trx } from '../context.ts'
import type { ProposalStateName } from '../db/tables/governance.ts'
import { announce } from '../governance/announce.ts'
import { proposalById, type Proposal } from '../governance/proposal.ts'
import { holds } from '../governance/life.ts'
import { readRecord, unitsOf, type Units } from '../governance/record.ts'
import { summarySubject } from '../governance/summary-subject.ts'
import { pageUrl } from '../origin.ts'
import type { Channel } from '../platform.ts'
import { quietUntil } from '../settings/quiet.ts'
import { settingsOfAll } from '../settings/settings.ts'
import { lifeEventView } from '../views/life-event.ts'
import { proposalCard } from '../views/proposal.ts'
import { defineJob } from '../job.ts'

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
      for (const { notBefore, ...channel } of await channelsFor(ctx, trx, proposal)) {
        const { platform, id } = channel
        // Only where people talked about it does the card differ.
        const view = talking.has(summarySubject(proposalId, channel))
          ? proposalCard({ record: await readRecord(trx, { id: proposalId, units, channel }), page })
          : everywhere
        cards.push({ key: cardKey(proposalId, channel), platform, channel: id, view, notBefore })
      }
      const notes = await notesFor(ctx, trx, { proposal, units, page })
      await showCards(trx, ctx.queue, [...cards, ...notes.cards])
      // In quiet hours nothing new is said; they end by the clock, not by an event.
      if (notes.heldMs !== undefined)
        await ctx.queue.send(trx, announce, { proposalId }, { key: proposalId, afterMs: notes.heldMs })
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
 * A proposal that the listener found as history has `announced` off until its story goes on. In quiet hours a new card
 * waits for their end, and edits of one that is there disturb nobody.
 */
async function channelsFor(
  ctx: Pick<Context, 'now'>,
  trx: Trx,
  proposal: Proposal,
): Promise<(Channel & { notBefore: number | undefined })[]> {
  const subscriptions = await trx
    .selectFrom('subscription')
    .select(['platform', 'channel as id', 'created_at'])
    .where('dao_id', '=', proposal.dao_id)
    .orderBy('created_at')
    .execute()
  const cards = await trx
    .selectFrom('effect')
    .select(['key', 'platform', 'channel as id', 'state'])
    .where('key', 'like', `proposal/${proposal.id}/%`)
    .execute()
  const hasCard = new Set(cards.map(({ key }) => key))
  // Shared by people themselves, into places that nobody subscribed.
  const shared = cards.filter(({ state, id }) => id.startsWith('inline/') && state !== 'gone')
  const settings = await settingsOfAll({ db: trx }, { channels: subscriptions, daoId: proposal.dao_id })
  const isWanted = (channel: (typeof subscriptions)[number]): boolean => {
    if (hasCard.has(cardKey(proposal.id, channel))) return true
    if (!settings(channel).events.new) return false
    if (!proposal.announced || proposal.orphaned_at) return false
    return open.includes(proposal.state) || proposal.created_at >= channel.created_at
  }
  return [
    ...subscriptions.filter(isWanted).map(({ platform, id, ...row }) => ({
      platform,
      id,
      notBefore: quietUntil(settings({ platform, id, ...row }), ctx.now()),
    })),
    ...shared.map(({ platform, id }) => ({ platform, id, notBefore: undefined })),
  ]
}

const newsMs = 86_400_000

/** The short messages of its life, wherever they are wanted: each once, kept true by edits, never of what was history. */
async function notesFor(
  ctx: Context,
  trx: Trx,
  { proposal, units, page }: { proposal: Proposal; units: Units; page: string },
): Promise<{ cards: Card[]; heldMs: number | undefined }> {
  const steps = await trx.selectFrom('life_event').selectAll().where('proposal_id', '=', proposal.id).execute()
  if (steps.length === 0) return { cards: [], heldMs: undefined }
  const channels = await trx
    .selectFrom('subscription')
    .select(['platform', 'channel as id', 'created_at'])
    .where('dao_id', '=', proposal.dao_id)
    .execute()
  const rows = await trx.selectFrom('effect').select('key').where('key', 'like', `event/${proposal.id}/%`).execute()
  const shown = await trx.selectFrom('effect').select('key').where('key', 'like', `proposal/${proposal.id}/%`).execute()
  const [noted, carded] = [rows, shown].map((some) => new Set(some.map(({ key }) => key)))
  const settings = await settingsOfAll({ db: trx }, { channels, daoId: proposal.dao_id })
  const record = await readRecord(trx, { id: proposal.id, units })
  const now = ctx.now()
  const cards: Card[] = []
  let until: number | undefined
  for (const { event, happened_at, noticed_at } of steps) {
    if (event === 'new') continue
    const view = lifeEventView(event, { record, page })
    const isNews = !proposal.orphaned_at && holds[event](proposal) && now - happened_at.getTime() < newsMs
    for (const channel of channels) {
      const { platform, id } = channel
      const key = `event/${proposal.id}/${event}/${platform}/${id}`
      const wanted = settings(channel)
      if (!noted?.has(key)) {
        if (!isNews || !wanted.events[event] || noticed_at < channel.created_at) continue
        const quiet = quietUntil(wanted, now)
        if (quiet !== undefined) {
          until = Math.min(until ?? quiet, quiet)
          continue
        }
      }
      const card = cardKey(proposal.id, channel)
      cards.push({ key, platform, channel: id, view, under: wanted.events.new || carded?.has(card) ? card : undefined })
    }
  }
  return { cards, heldMs: until === undefined ? undefined : Math.max(until - now, 1_000) }
}
