import type { Eraser, Tidier } from '../eraser.ts'

/** Pages, and where ballots were shown; by the conversation too, because a wallet may have been unlinked after it voted. */
export const eraseBallots: Eraser = async (_ctx, trx, { accounts, conversations, wallets }) => {
  for (const { platform, workspace, user_id } of accounts)
    await trx
      .deleteFrom('draft')
      .where((eb) => eb.and({ platform, workspace, user_id }))
      .execute()
  const ballots = await trx
    .updateTable('ballot')
    .set({ platform: null, channel: null })
    .where((eb) =>
      eb.or([
        ...conversations.map(({ platform, id: channel }) => eb.and({ platform, channel })),
        ...wallets.map((voter) => eb('voter', '=', voter)),
      ]),
    )
    .returning('id')
    .execute()
  if (ballots.length === 0) return
  const keys = ballots.map(({ id }) => `ballot/${id}`)
  await trx.deleteFrom('effect').where('key', 'in', keys).execute()
}

export const tidyPages: Tidier = async ({ db }, before) => {
  await db.deleteFrom('draft').where('expires_at', '<', before).execute()
}
