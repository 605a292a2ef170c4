import type { Eraser, Tidier } from '../eraser.ts'

export const eraseActions: Eraser = async (_ctx, trx, { accounts }) => {
  for (const { platform, workspace, user_id } of accounts)
    await trx
      .deleteFrom('action')
      .where((eb) => eb.and({ platform, workspace, user_id }))
      .execute()
}

export const tidyActions: Tidier = async ({ db }, before) => {
  await db.deleteFrom('action').where('expires_at', '<', before).execute()
}
