import { randomUUID } from 'node:crypto'
import type { Context, Trx } from '../context.ts'
import type { EffectRow } from '../db/tables/chat.ts'
import type { Channel, GoneError } from '../platform.ts'
import { writeChannelAudit } from '../settings/audit.ts'
import { retiredView } from './views/retired.ts'
import { showCard } from './outbox.ts'

type Place = { platform: string; channel: string }

const notice = 'retired/'

/**
 * Deleted by a person, or the channel closed to us: never tried again. A lost channel no longer hears of anything, and
 * whoever set it up is told so in private, once: with the subscriptions goes the memory of who that was.
 */
export async function retire(
  ctx: Pick<Context, 'db' | 'log' | 'queue'>,
  { key, platform, channel, ref }: EffectRow,
  error: GoneError,
): Promise<void> {
  ctx.log.info({ platform, channel, key, what: error.what, reason: error.reason }, 'message not shown: gone')
  const isChannel = error.what === 'channel'
  await ctx.db.transaction().execute(async (trx) => {
    await trx
      .updateTable('effect')
      .set({
        state: 'gone',
        leased_until: null,
        updated_at: new Date(),
        ref: isChannel || ref === null ? null : JSON.stringify(ref),
      })
      .where('key', '=', key)
      .execute()
    if (isChannel) await loseChannel(ctx, trx, { platform, channel }, error.reason)
  })
  if (key.startsWith(notice))
    ctx.log.warn({ platform, channel, key }, 'nobody could be told that a channel of theirs was lost')
}

/** The platform says that a channel is gone, before anything was to be posted there. */
export async function retireChannel(
  ctx: Pick<Context, 'db' | 'log' | 'queue'>,
  { platform, id }: Pick<Channel, 'platform' | 'id'>,
  reason: string,
): Promise<void> {
  ctx.log.info({ platform, channel: id, reason }, 'a channel is gone')
  await ctx.db.transaction().execute((trx) => loseChannel(ctx, trx, { platform, channel: id }, reason))
}

async function loseChannel(
  ctx: Pick<Context, 'log' | 'queue'>,
  trx: Trx,
  place: Place,
  reason: string | undefined,
): Promise<void> {
  await trx
    .updateTable('effect')
    .set({ state: 'gone', ref: null, updated_at: new Date() })
    .where('platform', '=', place.platform)
    .where('channel', '=', place.channel)
    .where('state', '<>', 'gone')
    .execute()
  await tellAdmins(ctx, trx, place, reason)
}

async function tellAdmins(
  ctx: Pick<Context, 'log' | 'queue'>,
  trx: Trx,
  place: Place,
  reason: string | undefined,
): Promise<void> {
  const { platform, channel } = place
  const ended = await endSubscriptions(trx, place)
  const digests = await trx
    .deleteFrom('digest')
    .where('platform', '=', platform)
    .where('channel', '=', channel)
    .returning('created_by')
    .execute()
  if (ended.length + digests.length === 0) return
  await writeChannelAudit(trx, {
    channel: { platform, id: channel },
    by: undefined,
    event: 'retired',
    detail: reason ?? 'AutoCo can no longer post here',
  })
  const admins = [...new Set([...ended, ...digests].map(({ created_by }) => created_by))].filter(
    (admin) => admin.startsWith('@') && admin !== channel,
  )
  if (admins.length === 0) ctx.log.warn({ ...place, reason }, 'a channel was lost, and nobody is known who set it up')
  const view = retiredView({ channel, reason, daos: ended })
  for (const admin of admins)
    await showCard(trx, ctx.queue, { key: `${notice}${platform}/${randomUUID()}`, platform, channel: admin, view })
}

async function endSubscriptions(
  trx: Trx,
  { platform, channel }: Place,
): Promise<{ slug: string; name: string; address: string; created_by: string }[]> {
  return await trx
    .deleteFrom('subscription')
    .using('dao')
    .whereRef('dao.id', '=', 'subscription.dao_id')
    .where('subscription.platform', '=', platform)
    .where('subscription.channel', '=', channel)
    .returning(['dao.slug', 'dao.name', 'dao.address', 'subscription.created_by'])
    .execute()
}
