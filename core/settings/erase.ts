import type { Eraser } from '../eraser.ts'

/** The settings of private conversations, and the name at what was changed elsewhere. */
export const eraseSettings: Eraser = async (_ctx, trx, { accounts, conversations }) => {
  for (const { platform, id: channel } of conversations)
    await trx
      .deleteFrom('channel_setting')
      .where((eb) => eb.and({ platform, channel }))
      .execute()
  for (const { platform, workspace, user_id } of accounts)
    await trx
      .updateTable('channel_audit')
      .set({ workspace: null, user_id: null, name: 'someone' })
      .where((eb) => eb.and({ platform, workspace, user_id }))
      .execute()
}
