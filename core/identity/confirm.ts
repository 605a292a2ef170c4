import type { Context, Trx } from '../context.ts'
import { crashpoint } from '../crashpoint.ts'
import type { TicketRow } from '../db/tables/identity.ts'
import { UserError } from '../errors.ts'
import type { Caller } from '../platform.ts'
import { completeLink, type Completed } from './complete.ts'
import { lockIdentities } from './join.ts'
import { codeHash } from './link.ts'
import { readable } from '../account-name.ts'

const tries = 5
const again = 'Type /link for a new one.'

/** The code typed in the chat proves the account, as the signature proved the wallet: now they are linked, once. */
export async function confirmLink(
  ctx: Context,
  { caller, code }: { caller: Caller; code: string },
): Promise<Completed> {
  const outcome = await ctx.db.transaction().execute(async (trx) => {
    await lockIdentities(trx)
    const row = await newestTicket(trx, caller)
    const refusal = await refuse(ctx, trx, { row, code })
    if (!row?.address || refusal) return { refusal: refusal ?? nothing() }
    return await completeLink(ctx, trx, { row, name: readable(caller.name), proof: 'code' })
  })
  // Thrown out here, because a wrong try has to stay counted.
  if ('refusal' in outcome) throw outcome.refusal
  crashpoint(ctx, 'link.confirm')
  return outcome
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
