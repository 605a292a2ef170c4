import type { Eraser } from '../eraser.ts'

/** Sealed work stays, because the chain waits for it; nobody is told when it is to be shown. */
export const eraseSealed: Eraser = async (_ctx, trx, { conversations }) => {
  for (const { platform, id: channel } of conversations)
    await trx
      .updateTable('sealed_work')
      .set({ platform: null, channel: null })
      .where((eb) => eb.and({ platform, channel }))
      .execute()
}
