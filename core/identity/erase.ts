import type { Eraser, Tidier } from '../eraser.ts'

/** Tickets and registrations, and the person with accounts, wallets and all that hangs on them. */
export const eraseIdentity: Eraser = async (_ctx, trx, { accounts, wallets }) => {
  for (const { platform, workspace, user_id } of accounts) {
    const account = { platform, workspace, user_id }
    await trx
      .deleteFrom('ticket')
      .where((eb) => eb.and(account))
      .execute()
    const person = await trx
      .selectFrom('account')
      .select('person_id')
      .where((eb) => eb.and(account))
      .executeTakeFirst()
    if (!person) continue
    await trx.deleteFrom('audit').where('person_id', '=', person.person_id).execute()
    await trx.deleteFrom('person').where('id', '=', person.person_id).execute()
  }
  if (wallets.length > 0) await trx.deleteFrom('registration').where('controller', 'in', wallets).execute()
}

export const tidyTickets: Tidier = async ({ db }, before) => {
  await db.deleteFrom('ticket').where('expires_at', '<', before).execute()
}
