import type { Context } from '../context.ts'

/** A channel that the platform gave another number (a Telegram group that grew): everything of it goes along. */
export async function moveChannel(
  ctx: Pick<Context, 'db' | 'log'>,
  { platform, from, to }: { platform: string; from: string; to: string },
): Promise<void> {
  ctx.log.info({ platform, from, to }, 'a channel has another number now')
  await ctx.db.transaction().execute(async (trx) => {
    for (const table of ['subscription', 'channel_setting', 'digest', 'message', 'channel_audit'] as const)
      await trx
        .updateTable(table)
        .set({ channel: to })
        .where('platform', '=', platform)
        .where('channel', '=', from)
        .execute()
    // The old messages stay behind: what is shown from now on is new.
    await trx
      .updateTable('effect')
      .set({ state: 'gone', updated_at: new Date() })
      .where('platform', '=', platform)
      .where('channel', '=', from)
      .execute()
  })
}
