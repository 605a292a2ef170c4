import type { Context, Trx } from '../context.ts'
import { crashpoint } from '../crashpoint.ts'
import type { TicketRow } from '../db/tables/identity.ts'
import { UserError } from '../errors.ts'
import type { Caller } from '../platform.ts'
import { joinPerson, lockIdentities, writeAudit } from './join.ts'
import { codeHash } from './link.ts'
import { readable } from './name.ts'
import { tellOtherAccounts } from './notice.ts'
import { personById, type Person } from './person.ts'
import { enrol, registration } from './registration.ts'
import { reverify, reverifyMs } from './reverify.ts'

const tries = 5
const again = 'Type /link for a new one.'

/** The code typed in the chat proves the account, as the signature proved the wallet: now they are linked, once. */
export async function confirmLink(
  ctx: Context,
  { caller, code }: { caller: Caller; code: string },
): Promise<Person & { linked: string; merged: boolean }> {
  const outcome = await ctx.db.transaction().execute(async (trx) => {
    await lockIdentities(trx)
    const row = await newestTicket(trx, caller)
    const refusal = await refuse(ctx, trx, { row, code })
    if (!row?.address || refusal) return { refusal: refusal ?? nothing() }
    const used = await trx
      .updateTable('ticket')
      .set({ used_at: new Date(ctx.now()) })
      .where('hash', '=', row.hash)
      .where('used_at', 'is', null)
      .returning('hash')
      .executeTakeFirst()
    if (!used) return { refusal: nothing() }
    return await link(ctx, trx, { row, address: row.address, caller })
  })
  // Thrown out here, because a wrong try has to stay counted.
  if ('refusal' in outcome) throw outcome.refusal
  crashpoint(ctx, 'link.confirm')
  return outcome
}

async function link(
  ctx: Context,
  trx: Trx,
  { row, address, caller }: { row: TicketRow; address: string; caller: Caller },
): Promise<Person & { linked: string; merged: boolean }> {
  const account = { platform: row.platform, workspace: row.workspace, user_id: row.user_id }
  const { personId, merged } = await joinPerson(trx, {
    account: { ...account, name: readable(caller.name), proof: 'code' },
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
    detail: { ...account, wallet: address, verified: row.verified, proof: 'code' },
  })
  if (row.proof) await ctx.queue.send(trx, reverify, {}, { key: 'reverify', afterMs: reverifyMs })
  await ctx.queue.send(trx, enrol, {}, { key: 'enrol' })
  await ctx.queue.send(trx, registration, {}, { key: 'register' })
  const person = await personById(trx, personId)
  await tellOtherAccounts(ctx, trx, { person, ticket: { ...row, address }, name: readable(caller.name) })
  return { ...person, linked: address, merged }
}

/** Row locked, so that tries of one code are counted one after the other. */
const newestTicket = (trx: Trx, caller: Caller): Promise<TicketRow | undefined> =>
  trx
    .selectFrom('ticket')
    .selectAll()
    .where('platform', '=', caller.platform)
    .where('workspace', '=', caller.workspace)
    .where('user_id', '=', caller.user)
    .orderBy('created_at', 'desc')
    .limit(1)
    .forUpdate()
    .executeTakeFirst()

async function refuse(
  ctx: Context,
  trx: Trx,
  { row, code }: { row: TicketRow | undefined; code: string },
): Promise<UserError | undefined> {
  if (!row?.code_hash) return nothing()
  if (row.used_at) return new UserError('This link was used already.', { hint: '/whoami', code: 'used' })
  if (row.expires_at.getTime() <= ctx.now())
    return new UserError('The link of this code has expired.', { hint: again, code: 'expired' })
  if (row.code_tries >= tries)
    return new UserError(`The code was wrong ${tries} times, so this link is closed.`, { hint: again, code: 'limit' })
  if (row.code_hash === codeHash(row.hash, code)) return undefined
  await trx
    .updateTable('ticket')
    .set({ code_tries: row.code_tries + 1 })
    .where('hash', '=', row.hash)
    .execute()
  const left = tries - row.code_tries - 1
  return left > 0
    ? new UserError(`This is not the code that your page shows. ${left} ${left === 1 ? 'try' : 'tries'} left.`, {
        hint: 'Read the six digits from the page that you opened, and type them here.',
        code: 'code',
      })
    : new UserError(`The code was wrong ${tries} times, so this link is closed.`, { hint: again, code: 'limit' })
}

const nothing = (): UserError =>
  new UserError('There is nothing of yours to confirm: no wallet has signed for this account.', {
    hint: 'Type /link, open the address it gives you, and sign there.',
    code: 'not-found',
  })
