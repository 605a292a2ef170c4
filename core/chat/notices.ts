import { sql } from 'kysely'
import type { Context } from '../context.ts'
import type { Channel } from '../platform.ts'
import { wake } from './outbox.ts'

/** Private messages that matter however late: a channel lost, something linked, a stranger on a link, a role that fails. */
const kinds = ['retired/%', 'linked/%', 'stranger/%', 'role/%']
const keptMs = 30 * 86_400_000

/** Who could not be written to when it happened, and is here now, is told now. */
export async function tellWhoIsHere(
  ctx: Pick<Context, 'db' | 'log' | 'now' | 'queue'>,
  { platform, id }: Channel,
): Promise<void> {
  try {
    const told = await ctx.db
      .updateTable('effect')
      .set({ state: 'planned', shown_hash: null, not_before: null, attempts: 0 })
      .where('platform', '=', platform)
      .where('channel', '=', id)
      .where('state', '=', 'gone')
      .where('ref', 'is', null)
      .where('updated_at', '>', new Date(ctx.now() - keptMs))
      .where(sql<boolean>`key like any(${kinds}::text[])`)
      .returning('key')
      .execute()
    if (told.length > 0) await ctx.queue.send(ctx.db, wake, { platform }, { key: platform })
  } catch (error) {
    ctx.log.warn({ error, platform }, 'notices wait for the next time')
  }
}
