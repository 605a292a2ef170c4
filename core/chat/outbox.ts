import { createHash } from 'node:crypto'
import type { Context, Db, Trx } from '../context.ts'
import { deliverJob } from '../jobs/deliver.ts'
import type { Queue } from '../jobs/queue.ts'
import { viewJson, type View } from '../view.ts'

/** One message that AutoCo shows somewhere; `under` is the key of the card whose thread it belongs to. */
export type Card = { key: string; platform: string; channel: string; under?: string | undefined; view: View }

/**
 * Says what a message should show, in the transaction of the fact that it shows: a new key is sent, a known one is
 * edited in place, and a view that is there already costs nothing.
 *
 * @example
 * await showCard(trx, ctx.queue, { key: `proposal/${id}/${platform}/${channel}`, platform, channel, view: proposalView(data) })
 */
export async function showCard(trx: Trx | Db, queue: Pick<Queue, 'send'>, card: Card): Promise<void> {
  const view = viewJson(card.view)
  const hash = viewHash(card.view)
  const changed = await trx
    .insertInto('effect')
    .values({
      key: card.key,
      platform: card.platform,
      channel: card.channel,
      under: card.under ?? null,
      view,
      wanted_hash: hash,
      shown_hash: null,
      state: 'planned',
      ref: null,
    })
    .onConflict((conflict) =>
      conflict
        .column('key')
        .doUpdateSet({ view, wanted_hash: hash, updated_at: new Date() })
        .where('effect.wanted_hash', '<>', hash)
        .where('effect.state', '<>', 'gone'),
    )
    .returning('key')
    .executeTakeFirst()
  if (changed) await queue.send(trx, deliverJob, { key: card.key }, { key: card.key })
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

const viewHash = (view: View): string => createHash('sha256').update(JSON.stringify(view)).digest('hex')
