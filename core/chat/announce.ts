import type { Summary } from '../ai/types.ts'
import type { Context, Trx } from '../context.ts'
import { pageUrl } from '../origin.ts'
import { quietUntil } from '../settings/quiet.ts'
import { settingsOfAll } from '../settings/settings.ts'
import type { ChannelSettings } from '../settings/settings.ts'
import { talkBlocks } from './views/talk.ts'
import type { DecisionKind, Note, Place, Shown } from './decision.ts'
import { showCards, type Card } from './outbox.ts'

/** What happened longer ago is no news any more. */
const newsMs = 86_400_000

/**
 * Draws the card of a decision wherever it is heard of, and says each step of its life once; the outbox sends only what
 * changed. A card that is there is always kept up to date. A new one appears for what is going on, or has happened since
 * the channel began to listen: what was history by then is shown to those who ask. In quiet hours nothing new is said, and
 * edits disturb nobody.
 */
export async function announce<Units>(ctx: Context, kind: DecisionKind<Units>, id: string): Promise<void> {
  const units = await kind.units(ctx, id)
  if (units === undefined) return
  await ctx.db.transaction().execute(async (trx) => {
    const decision = await kind.read(ctx, trx, id, units)
    const known = await shownKeys(trx, kind, id)
    const places = decision.places ?? (await subscribersOf(trx, decision.daoId))
    const settings = await settingsIn(trx, places)
    const cards: Card[] = []
    const cardFor = kind.text ? withTalk(ctx, decision, await talkOf(trx, kind, id)) : decision.card
    let heldUntil: number | undefined
    for (const place of places) {
      const wanted = settings(place)
      const drawn = await cardsIn(ctx, { kind, id, decision: { ...decision, card: cardFor }, place, wanted, known })
      cards.push(...drawn.cards)
      if (drawn.heldUntil !== undefined) heldUntil = Math.min(heldUntil ?? drawn.heldUntil, drawn.heldUntil)
    }
    const shared = await sharedCards(trx, kind, id, places)
    for (const { key, platform, channel } of shared)
      cards.push({ key, platform, channel, view: await decision.card({ platform, id: channel }) })
    await showCards(trx, ctx.queue, [...cards, ...(decision.others?.(known) ?? [])])
    // Quiet hours end by the clock, not by an event.
    if (heldUntil !== undefined)
      await kind.redraw(ctx.queue, trx, id, { afterMs: Math.max(heldUntil - ctx.now(), 1_000) })
  })
}

/** What people said of it in a channel, by channel. */
async function talkOf<Units>(trx: Trx, kind: DecisionKind<Units>, id: string): Promise<Map<string, Summary>> {
  const rows = await trx
    .selectFrom('summary')
    .select(['subject', 'summary'])
    .where('subject', 'like', `${kind.name}/${id}/%`)
    .execute()
  return new Map(rows.map(({ subject, summary }) => [subject.split('/').slice(2).join('/'), summary as Summary]))
}

/** Who is not in a channel must not read what was said in it, so the card differs there, and only there. */
const withTalk =
  (ctx: Pick<Context, 'config'>, decision: Shown, talk: ReadonlyMap<string, Summary>): Shown['card'] =>
  async (channel) => {
    const view = await decision.card(channel)
    const summary = talk.get(`${channel.platform}/${channel.id}`)
    return summary ? { ...view, body: [...view.body, ...talkBlocks(summary, pageUrl(ctx.config, '/'))] } : view
  }

async function cardsIn<Units>(
  ctx: Pick<Context, 'now'>,
  params: {
    kind: DecisionKind<Units>
    id: string
    decision: Shown
    place: Place
    wanted: ChannelSettings
    known: ReadonlySet<string>
  },
): Promise<{ cards: Card[]; heldUntil: number | undefined }> {
  const { kind, id, decision, place, wanted, known } = params
  const { platform, id: channel } = place
  const quiet = quietUntil(wanted, ctx.now())
  const card = `${kind.name}/${id}/${platform}/${channel}`
  const isWanted = wanted.events.new && decision.isNews && (decision.isOpen || decision.createdAt >= place.created_at)
  const isCarded = known.has(card) || isWanted
  const cards: Card[] = []
  if (isCarded)
    cards.push({ key: card, platform, channel, view: await decision.card({ platform, id: channel }), notBefore: quiet })
  let heldUntil: number | undefined
  for (const note of decision.notes) {
    const key = `${kind.notes}/${id}/${note.key}/${platform}/${channel}`
    if (!known.has(key)) {
      if (!isNews(ctx, note, place) || !wanted.events[note.setting]) continue
      if (quiet !== undefined) {
        heldUntil = quiet
        continue
      }
    }
    cards.push({ key, platform, channel, view: note.view, under: isCarded ? card : undefined })
  }
  return { cards, heldUntil }
}

const isNews = ({ now }: Pick<Context, 'now'>, note: Note, place: Place): boolean =>
  note.holds &&
  note.noticedAt >= place.created_at &&
  (note.position ?? 0) >= (place.from ?? 0) &&
  (note.accounts?.some((account) => place.accounts?.includes(account)) ?? true) &&
  now() - note.happenedAt < newsMs

async function subscribersOf(trx: Trx, daoId: string): Promise<Place[]> {
  const rows = await trx
    .selectFrom('subscription')
    .select(['platform', 'channel as id', 'created_at', 'dao_id as daoId'])
    .where('dao_id', '=', daoId)
    .orderBy('created_at')
    .execute()
  return rows
}

async function settingsIn(trx: Trx, places: readonly Place[]): Promise<(place: Place) => ChannelSettings> {
  const byDao = new Map<string, (place: Place) => ChannelSettings>()
  for (const [daoId, channels] of Map.groupBy(places, (place) => place.daoId))
    byDao.set(daoId, await settingsOfAll({ db: trx }, { channels, daoId }))
  return (place) => {
    const settings = byDao.get(place.daoId)
    if (!settings) throw new Error(`No settings were read for the DAO ${place.daoId}.`)
    return settings(place)
  }
}

async function shownKeys<Units>(trx: Trx, kind: DecisionKind<Units>, id: string): Promise<Set<string>> {
  const prefixes = new Set([kind.name, kind.notes, ...(kind.prefixes ?? [])])
  const rows = await trx
    .selectFrom('effect')
    .select('key')
    .where((eb) => eb.or([...prefixes].map((prefix) => eb('key', 'like', `${prefix}/${id}/%`))))
    .execute()
  return new Set(rows.map(({ key }) => key))
}

/** Cards that people shared themselves, into places that nobody subscribed. */
async function sharedCards<Units>(
  trx: Trx,
  kind: DecisionKind<Units>,
  id: string,
  places: readonly Place[],
): Promise<{ key: string; platform: string; channel: string }[]> {
  const rows = await trx
    .selectFrom('effect')
    .select(['key', 'platform', 'channel'])
    .where('key', 'like', `${kind.name}/${id}/%`)
    .where('channel', 'like', 'inline/%')
    .where('state', '<>', 'gone')
    .execute()
  const subscribed = new Set(places.map((place) => `${place.platform}/${place.id}`))
  return rows.filter(({ platform, channel }) => !subscribed.has(`${platform}/${channel}`))
}
