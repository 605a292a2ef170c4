import type { Context } from '../context.ts'
import { announce } from '../governance/announce.ts'
import { proposalById } from '../governance/proposal.ts'
import { readRecord, unitsOf } from '../governance/record.ts'
import { pageUrl } from '../origin.ts'
import type { MessageRef } from '../platform.ts'
import type { View } from '../view.ts'
import { proposalCard } from '../views/proposal.ts'

export type OpenCard = { proposalId: string; ref: string; title: string; state: string; view: View }

/** Cards of proposals that fit what somebody types anywhere: open ones first, the one that ends soonest on top. */
export async function openCards(
  ctx: Context,
  { typed, limit, offset = 0 }: { typed: string; limit: number; offset?: number },
): Promise<OpenCard[]> {
  const words = typed
    .toLowerCase()
    .replaceAll(/[%_\\]/g, '')
    .trim()
  const rows = await ctx.db
    .selectFrom('proposal')
    .innerJoin('dao', 'dao.id', 'proposal.dao_id')
    .select(['proposal.id', 'proposal.ref', 'proposal.title', 'proposal.state'])
    .where('proposal.orphaned_at', 'is', null)
    .where('proposal.state', 'in', ['active', 'pending'])
    .$if(words !== '', (query) =>
      query.where((eb) =>
        eb.or([
          eb('proposal.ref', 'like', `${words}%`),
          eb('proposal.title', 'ilike', `%${words}%`),
          eb('dao.name', 'ilike', `%${words}%`),
        ]),
      ),
    )
    .orderBy((eb) => eb.case().when('proposal.state', '=', 'active').then(0).else(1).end())
    .orderBy('proposal.deadline')
    .orderBy('proposal.id')
    .limit(limit)
    .offset(offset)
    .execute()
  return await Promise.all(
    rows.map(async ({ id, ref, title, state }) => {
      const units = await unitsOf(ctx, await proposalById(ctx, id))
      const record = await readRecord(ctx.db, { id, units })
      return {
        proposalId: id,
        ref,
        title,
        state,
        view: proposalCard({ record, page: pageUrl(ctx.config, `/p/${ref}`) }),
      }
    }),
  )
}

/** A card that somebody sent by themselves, into a place that we may not see: from now on it is kept up to date like any other. */
export async function adoptCard(
  ctx: Pick<Context, 'db' | 'queue'>,
  { ref, message }: { ref: string; message: MessageRef },
): Promise<void> {
  const proposal = await ctx.db.selectFrom('proposal').select('id').where('ref', '=', ref).executeTakeFirst()
  if (!proposal) return
  await ctx.db.transaction().execute(async (trx) => {
    const added = await trx
      .insertInto('effect')
      .values({
        key: `proposal/${proposal.id}/${message.platform}/${message.channel}`,
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
    if (added) await ctx.queue.send(trx, announce, { proposalId: proposal.id }, { key: proposal.id })
  })
}
