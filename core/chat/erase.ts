import { sql } from 'kysely'
import type { Eraser, Tidier } from '../eraser.ts'
import { summarizeWith } from './hear.ts'

/** Lines that came in, what was shown in private, and the name at what was said; summaries that name them are made anew. */
export const eraseTalk: Eraser = async (ctx, trx, { accounts, conversations }) => {
  const about = new Map<string, Parameters<typeof summarizeWith>[1]>()
  for (const { platform, workspace, user_id } of accounts) {
    await trx
      .deleteFrom('inbox')
      .where('platform', '=', platform)
      .where(sql<boolean>`event -> 'call' -> 'caller' @> ${JSON.stringify({ workspace, user: user_id })}::jsonb`)
      .execute()
    const messages = await trx
      .updateTable('message')
      .set({ author: 'someone', author_id: '' })
      .where('platform', '=', platform)
      .where('author_id', '=', user_id)
      .returning(['proposal_id', 'decision'])
      .execute()
    for (const each of messages) about.set(`${each.proposal_id} ${each.decision}`, each)
  }
  for (const { platform, id: channel } of conversations)
    await trx
      .deleteFrom('effect')
      .where((eb) => eb.and({ platform, channel }))
      .execute()
  for (const each of about.values()) await summarizeWith({ queue: ctx.queue, db: trx }, each)
}

export const tidyInbox: Tidier = async ({ db }, before) => {
  await db.deleteFrom('inbox').where('received_at', '<', before).execute()
}
