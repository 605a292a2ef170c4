import type { Context, Trx } from '../context.ts'
import type { AccountRow, TicketRow } from '../db/tables/identity.ts'
import { UserError } from '../errors.ts'
import { joinPerson, writeAudit } from './join.ts'
import { tellAccounts } from './notice.ts'
import type { Person } from '../command.ts'
import { personById } from './person.ts'
import { enrol, registration } from './registration.ts'
import { roles } from './role-round.ts'
import { reverify, reverifyMs } from './reverify.ts'

export type Completed = Person & { linked: string; merged: boolean }

/** Uses the ticket up, once, and puts its account and its wallet together; both have been proved. Needs `lockIdentities`. */
export async function completeLink(
  ctx: Context,
  trx: Trx,
  { row, name, proof }: { row: TicketRow; name: string; proof: AccountRow['proof'] },
): Promise<Completed> {
  const used = await trx
    .updateTable('ticket')
    .set({ used_at: new Date(ctx.now()) })
    .where('hash', '=', row.hash)
    .where('used_at', 'is', null)
    .returning('address')
    .executeTakeFirst()
  const address = used?.address
  if (!address) throw new UserError('This link was used already.', { hint: '/whoami', code: 'used' })
  const account = { platform: row.platform, workspace: row.workspace, user_id: row.user_id }
  const { personId, merged } = await joinPerson(trx, {
    account: { ...account, name, proof },
    wallet: {
      address,
      chain_id: ctx.chain.id,
      verified: row.verified ?? 'eoa',
      block_number: row.block_number,
      proof: row.proof ? JSON.stringify(row.proof) : null,
      checked_at: new Date(ctx.now()),
    },
  })
  await writeAudit(trx, {
    personId,
    event: merged ? 'merge' : 'link',
    detail: { ...account, wallet: address, verified: row.verified, proof },
  })
  if (row.proof) await ctx.queue.send(trx, reverify, {}, { key: 'reverify', afterMs: reverifyMs })
  await ctx.queue.send(trx, enrol, {}, { key: 'enrol' })
  await ctx.queue.send(trx, roles, {}, { key: 'roles' })
  await ctx.queue.send(trx, registration, {}, { key: 'register' })
  const person = await personById(trx, personId)
  // Who typed a code is answered where it was typed; who logged in on a page hears of it in the chat.
  await tellAccounts(ctx, trx, { person, ticket: { ...row, address }, name, itself: proof === 'oauth' })
  return { ...person, linked: address, merged }
}
