import { showCards, type Card } from '../chat/outbox.ts'
import type { Context, Trx } from '../context.ts'
import type { SpellEvent, SpellRow } from '../db/tables/nomic.ts'
import { nomicById } from '../nomic/contracts.ts'
import { announceSpell } from '../nomic/jobs.ts'
import { spellHolds } from '../nomic/life.ts'
import { readSpell, spellUnits, type SpellRecord } from '../nomic/record.ts'
import { spellById } from '../nomic/spell.ts'
import type { LifeEvent } from '../db/tables/settings.ts'
import { quietUntil } from '../settings/quiet.ts'
import { settingsOfAll } from '../settings/settings.ts'
import { spellEventView } from '../views/spell-event.ts'
import { spellCard } from '../views/spell.ts'
import { defineJob } from '../job.ts'

const newsMs = 86_400_000

/** By which switch of a channel a step of a spell's life is heard. */
const switches: Record<SpellEvent, LifeEvent> = {
  liftable: 'ending',
  hat: 'result',
  plotted: 'queued',
  castable: 'queued',
  cast: 'executed',
  dropped: 'result',
  expired: 'result',
  missed: 'result',
  dead: 'result',
}

/** Draws the card of a spell wherever its DAO is heard of, and says each step of its life once. */
export const announceSpellJob = defineJob({
  ...announceSpell,
  retry: { limit: 20, delayMs: 1_000, backoff: true },
  concurrency: 2,
  expireSeconds: 60,
  async run(ctx: Context, { spellId }) {
    const known = await spellById(ctx.db, spellId)
    if (!known) return
    const units = await spellUnits(ctx, await nomicById(ctx.db, known.dao_id))
    await ctx.db.transaction().execute(async (trx) => {
      // One after the other: what is read here is newer than what any earlier run has shown.
      const spell = await trx
        .selectFrom('spell')
        .selectAll()
        .where('id', '=', spellId)
        .forUpdate()
        .executeTakeFirstOrThrow()
      const record = await readSpell(trx, { spell, units })
      const heldMs = await show(ctx, trx, record)
      // In quiet hours nothing new is said; they end by the clock, not by an event.
      if (heldMs !== undefined) await ctx.queue.send(trx, announceSpell, { spellId }, { key: spellId, afterMs: heldMs })
    })
  },
})

const isOpen = ({ state }: SpellRow): boolean => state === 'open' || state === 'hat' || state === 'plotted'

async function show(ctx: Context, trx: Trx, record: SpellRecord): Promise<number | undefined> {
  const { spell } = record
  const channels = await trx
    .selectFrom('subscription')
    .select(['platform', 'channel as id', 'created_at'])
    .where('dao_id', '=', spell.dao_id)
    .orderBy('created_at')
    .execute()
  const steps = await trx.selectFrom('spell_event').selectAll().where('spell_id', '=', spell.id).execute()
  const rows = await trx.selectFrom('effect').select('key').where('key', 'like', `spell/${spell.id}/%`).execute()
  const shown = new Set(rows.map(({ key }) => key))
  const settings = await settingsOfAll({ db: trx }, { channels, daoId: spell.dao_id })
  const now = ctx.now()
  const view = spellCard(record)
  const cards: Card[] = []
  let until: number | undefined
  for (const channel of channels) {
    const { platform, id, created_at } = channel
    const wanted = settings(channel)
    const quiet = quietUntil(wanted, now)
    const card = `spell/${spell.id}/${platform}/${id}`
    const isNew = spell.announced && !spell.orphaned_at && (isOpen(spell) || spell.created_at >= created_at)
    const isCarded = shown.has(card) || (isNew && wanted.events.new)
    if (isCarded) cards.push({ key: card, platform, channel: id, view, notBefore: quiet })
    for (const { event, happened_at, noticed_at } of steps) {
      const key = `spell/${spell.id}/${event}/${platform}/${id}`
      if (!shown.has(key)) {
        const isNews = !spell.orphaned_at && spellHolds[event](spell) && now - happened_at.getTime() < newsMs
        if (!isNews || !wanted.events[switches[event]] || noticed_at < created_at) continue
        if (quiet !== undefined) {
          until = Math.min(until ?? quiet, quiet)
          continue
        }
      }
      cards.push({
        key,
        platform,
        channel: id,
        view: spellEventView(event, record),
        under: isCarded ? card : undefined,
      })
    }
  }
  await showCards(trx, ctx.queue, cards)
  return until === undefined ? undefined : Math.max(until - now, 1_000)
}
