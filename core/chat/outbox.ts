import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { Context, Db, Trx } from '../context.ts'
import { declareJob } from '../job.ts'
import type { Sender } from '../context.ts'
import { settingsOfAll } from '../settings/settings.ts'
import { viewJson, type View } from '../view.ts'
import { inLanguage } from '../words/language.ts'

/**
 * One message that AutoCo shows somewhere; `under` is the key of the card whose thread it belongs to. `notBefore`, in unix
 * milliseconds, holds a new message back.
 */
export type Card = {
  key: string
  platform: string
  channel: string
  under?: string | undefined
  view: View
  notBefore?: number | undefined
}

/** Wakes the outbox of a platform; run by `core/chat/jobs/deliver.ts`. What is to be shown is in the rows. */
export const wake = declareJob('deliver', z.object({ platform: z.string() }))

const rowsAtOnce = 500

/**
 * Says what a message should show, in the transaction of the fact that it shows: a new key is sent, a known one is
 * edited in place, and a view that is there already costs nothing. It is shown in the channel's language and time zone.
 *
 * @example
 * await showCard(trx, ctx.queue, { key: `proposal/${id}/${platform}/${channel}`, platform, channel, view: proposalView(data) })
 */
export async function showCard(trx: Trx | Db, queue: Pick<Sender, 'send'>, card: Card): Promise<void> {
  await showCards(trx, queue, [card])
}

/** The same for many: a thousand channels are a handful of statements. */
export async function showCards(trx: Trx | Db, queue: Pick<Sender, 'send'>, cards: readonly Card[]): Promise<void> {
  const rows = await rowsOf(trx, cards)
  const changed = new Set<string>()
  for (let from = 0; from < rows.length; from += rowsAtOnce) {
    const some = await trx
      .insertInto('effect')
      .values(rows.slice(from, from + rowsAtOnce))
      .onConflict((conflict) =>
        conflict
          .column('key')
          .doUpdateSet((eb) => ({
            view: eb.ref('excluded.view'),
            wanted_hash: eb.ref('excluded.wanted_hash'),
            updated_at: new Date(),
          }))
          .whereRef('effect.wanted_hash', '<>', 'excluded.wanted_hash')
          .where('effect.state', '<>', 'gone'),
      )
      .returning('platform')
      .execute()
    for (const { platform } of some) changed.add(platform)
  }
  for (const platform of changed) await queue.send(trx, wake, { platform })
}

async function rowsOf(trx: Trx | Db, cards: readonly Card[]) {
  const settings = await settingsOfAll(
    { db: trx },
    { channels: cards.map(({ platform, channel }) => ({ platform, id: channel })) },
  )
  const drawn = new Map<View, Map<string, { view: string; hash: string }>>()
  return cards.map(({ key, platform, channel, under, view, notBefore }) => {
    const { zone, lang } = settings({ platform, id: channel })
    const known = drawn.get(view) ?? new Map<string, { view: string; hash: string }>()
    drawn.set(view, known)
    const shown = known.get(`${lang}/${zone}`) ?? drawnIn(view, { zone, lang })
    known.set(`${lang}/${zone}`, shown)
    return {
      key,
      platform,
      channel,
      under: under ?? null,
      view: shown.view,
      wanted_hash: shown.hash,
      shown_hash: null,
      state: 'planned' as const,
      ref: null,
      not_before: notBefore === undefined ? null : new Date(notBefore),
    }
  })
}

function drawnIn(view: View, place: Parameters<typeof inLanguage>[1]): { view: string; hash: string } {
  const json = viewJson(inLanguage(view, place))
  return { view: json, hash: createHash('sha256').update(json).digest('hex') }
}

/** Where a card stands by now, once it was sent. */
export async function cardRef(
  ctx: Pick<Context, 'db'>,
  key: string,
): Promise<{ channel: string; id: string; thread?: string } | undefined> {
  const row = await ctx.db.selectFrom('effect').select('ref').where('key', '=', key).executeTakeFirst()
  return (row?.ref as { channel: string; id: string; thread?: string } | null) ?? undefined
}

/** A channel that was gone hears of us again (the bot was invited back): its cards may be sent anew, but none that a person deleted. */
export async function reviveChannel(
  trx: Trx | Db,
  { platform, channel }: { platform: string; channel: string },
): Promise<void> {
  await trx
    .updateTable('effect')
    .set({ state: 'planned', ref: null, shown_hash: null, wanted_hash: '', updated_at: new Date() })
    .where('platform', '=', platform)
    .where('channel', '=', channel)
    .where('state', '=', 'gone')
    .where('ref', 'is', null)
    .execute()
}
