import type { Context, Db, Trx } from '../context.ts'
import type { ChannelAuditRow } from '../db/tables/settings.ts'
import type { Caller, Channel } from '../platform.ts'

/** `by` is who did it; AutoCo itself where nobody did. `detail` is what was done, in words without a name. */
export type ChannelChange = {
  channel: Channel
  by: Pick<Caller, 'workspace' | 'user' | 'name'> | undefined
  event: 'settings' | 'watch' | 'unwatch' | 'digest' | 'role' | 'retired'
  detail: string
}

/**
 * Writes down a change of a channel, in the transaction that makes it, for `/audit-log`.
 *
 * @example
 * await writeChannelAudit(trx, { channel, by: caller, event: 'digest', detail: 'digest at 09:00 Europe/Berlin for ens' })
 */
export async function writeChannelAudit(trx: Trx | Db, { channel, by, event, detail }: ChannelChange): Promise<void> {
  await trx
    .insertInto('channel_audit')
    .values({
      platform: channel.platform,
      channel: channel.id,
      server: channel.server ?? null,
      workspace: by?.workspace ?? null,
      user_id: by?.user ?? null,
      name: by?.name ?? null,
      event,
      detail,
    })
    .execute()
}

/** The newest first: of this channel, and of its whole server where there is one. */
export async function readChannelAudit(
  ctx: Pick<Context, 'db'>,
  { channel, most }: { channel: Channel; most: number },
): Promise<ChannelAuditRow[]> {
  return await ctx.db
    .selectFrom('channel_audit')
    .selectAll()
    .where('platform', '=', channel.platform)
    .where((eb) =>
      channel.server === undefined
        ? eb('channel', '=', channel.id)
        : eb.or([eb('channel', '=', channel.id), eb('server', '=', channel.server)]),
    )
    .orderBy('id', 'desc')
    .limit(most)
    .execute()
}
