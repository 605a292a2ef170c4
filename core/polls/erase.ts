import type { Eraser, Tidier } from '../eraser.ts'

/** Pages with what was typed on them. */
export const erasePages: Eraser = async (_ctx, trx, { accounts }) => {
  for (const { platform, workspace, user_id } of accounts)
    await trx
      .deleteFrom('paper_page')
      .where((eb) => eb.and({ platform, workspace, user_id }))
      .execute()
}

export const tidyPages: Tidier = async ({ db }, before) => {
  await db.deleteFrom('paper_page').where('expires_at', '<', before).execute()
}
