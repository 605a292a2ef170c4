import type { Eraser } from '../eraser.ts'

export const eraseReminders: Eraser = async (_ctx, trx, { accounts, conversations }) => {
  for (const { platform, workspace, user_id } of accounts)
    await trx
      .deleteFrom('messaging')
      .where((eb) => eb.and({ platform, workspace, user_id }))
      .execute()
  for (const { platform, id: channel } of conversations)
    for (const table of ['reminder', 'decision_reminder'] as const)
      await trx
        .deleteFrom(table)
        .where((eb) => eb.and({ platform, channel }))
        .execute()
}
