import type { Eraser } from '../eraser.ts'
import { roles } from '../identity/role-round.ts'

/** Who made a rule; roles that followed from a link are taken back, and then who had them is forgotten too. */
export const eraseRoles: Eraser = async (ctx, trx, { conversations }) => {
  for (const { platform, id } of conversations)
    await trx
      .updateTable('role_rule')
      .set({ created_by: 'someone' })
      .where((eb) => eb.and({ platform, created_by: id }))
      .execute()
  await ctx.queue.send(trx, roles, {}, { key: roles.name })
}
