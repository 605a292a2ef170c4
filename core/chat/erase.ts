import { sql } from 'kysely'
import type { Eraser, Tidier } from '../eraser.ts'
import { summarizeAgain } from './hear.ts'

/** Lines that came in, what was shown in private, and the name at what was said; summaries that name them are made anew. */
export const eraseTalk: Eraser = async (ctx, trx, { accounts, conversations }) => {
  const proposals = new Set<string>()
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
      .returning('proposal_id')
      .execute()
    for (const { proposal_id } of messages) if (proposal_id !== null) proposals.add(proposal_id)
  }
  for (const { platform, id: channel } of conversations)
    await trx
      .deleteFrom('effect')
      .where((eb) => eb.and({ platform, channel }))
      .execute()
  for (const proposalId of proposals) await ctx.queue.send(trx, summarizeAgain, { proposalId }, { key: proposalId })
}

export const tidyInbox: Tidier = async ({ db }, before) => {
  await db.deleteFrom('inbox').where('received_at', '<', before).execute()
}
