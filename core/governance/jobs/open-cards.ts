import { openDecisions } from '../../chat/decision.ts'
import type { Context } from '../../context.ts'
import type { MessageRef } from '../../platform.ts'
import type { View } from '../../view.ts'

export type OpenCard = { ref: string; title: string; isOpen: boolean; view: View }

/** Cards of decisions that fit what somebody types anywhere: open ones first, the one that ends soonest on top. */
export async function openCards(
  ctx: Context,
  { typed, limit, offset = 0 }: { typed: string; limit: number; offset?: number },
): Promise<OpenCard[]> {
  const words = typed.toLowerCase().trim()
  const daos = await ctx.db.selectFrom('dao').select('id').execute()
  const lines = (await openDecisions(ctx, { daoIds: daos.map(({ id }) => id) })).filter(
    ({ ref, title, dao }) =>
      ref.startsWith(words) || title.toLowerCase().includes(words) || dao.name.toLowerCase().includes(words),
  )
  const cards = await Promise.all(
    lines.slice(offset, offset + limit).map(async ({ kind, id, ref, title, isOpen }): Promise<OpenCard[]> => {
      const view = await ctx.kinds.decisions.find(({ name }) => name === kind)?.card(ctx, id)
      return view ? [{ ref, title, isOpen, view }] : []
    }),
  )
  return cards.flat()
}

/** A card that somebody sent by themselves, into a place that we may not see: from now on it is kept up to date like any other. */
export async function adoptCard(
  ctx: Pick<Context, 'db' | 'queue' | 'kinds'>,
  { ref, message }: { ref: string; message: MessageRef },
): Promise<void> {
  for (const kind of ctx.kinds.decisions) {
    const id = await kind.byRef(ctx.db, [ref])
    if (id === undefined) continue
    await ctx.db.transaction().execute(async (trx) => {
      const added = await trx
        .insertInto('effect')
        .values({
          key: `${kind.name}/${id}/${message.platform}/${message.channel}`,
          platform: message.platform,
          channel: message.channel,
          under: null,
          view: '{}',
          wanted_hash: '',
          shown_hash: '',
          state: 'sent',
          ref: JSON.stringify(message),
        })
        .onConflict((conflict) => conflict.column('key').doNothing())
        .returning('key')
        .executeTakeFirst()
      if (added) await kind.redraw(ctx.queue, trx, id)
    })
    return
  }
}
