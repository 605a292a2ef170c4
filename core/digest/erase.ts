import type { Eraser } from '../eraser.ts'

/** Digests in private, and who made the others. */
export const eraseDigests: Eraser = async (_ctx, trx, { conversations }) => {
  for (const { platform, id } of conversations) {
    await trx
      .deleteFrom('digest')
      .where((eb) => eb.and({ platform, channel: id }))
      .execute()
    await trx
      .updateTable('digest')
      .set({ created_by: 'someone' })
      .where((eb) => eb.and({ platform, created_by: id }))
      .execute()
  }
}
