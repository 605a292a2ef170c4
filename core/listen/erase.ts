import type { Eraser } from '../eraser.ts'

/** Who had a DAO watched. */
export const eraseWatching: Eraser = async (_ctx, trx, { conversations }) => {
  for (const { platform, id } of conversations)
    await trx
      .updateTable('subscription')
      .set({ created_by: 'someone' })
      .where((eb) => eb.and({ platform, created_by: id }))
      .execute()
}
