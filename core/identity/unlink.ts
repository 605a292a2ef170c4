import type { Context, Trx } from '../context.ts'
import { UserError } from '../errors.ts'
import type { Caller } from '../platform.ts'
import { roles } from './role-round.ts'
import { lockIdentities, writeAudit } from './join.ts'
import type { Person } from '../command.ts'
import { findPerson, personById } from './person.ts'

export type Unlinked = {
  /** An address, or undefined for the chat account itself. */
  wallet: string | undefined
  /** What is left; undefined when that was the last account or the last wallet, because then nothing holds together. */
  person: Person | undefined
}

/** Takes one wallet away from a person, or the calling account when no address is given. */
export async function unlink(
  ctx: Context,
  { caller, address }: { caller: Caller; address: string | undefined },
): Promise<Unlinked> {
  return await ctx.db.transaction().execute(async (trx) => {
    await lockIdentities(trx)
    const person = await findPerson({ db: trx }, caller)
    if (!person) throw new UserError('This account is not linked to a wallet.', { hint: '/link', code: 'not-linked' })
    await ctx.queue.send(trx, roles, {}, { key: 'roles' })
    const wallet = address === undefined ? undefined : ownWallet(person, address)
    if (wallet) return { wallet, person: await removeWallet(trx, { personId: person.id, wallet, why: 'asked' }) }
    await deleteAccount(trx, caller)
    const { platform, workspace, user: user_id } = caller
    await writeAudit(trx, { personId: person.id, event: 'unlink', detail: { platform, workspace, user_id } })
    return { wallet, person: await whatIsLeft(trx, person.id) }
  })
}

/** Takes a wallet away and returns who is left. Needs `lockIdentities`. */
export async function removeWallet(
  trx: Trx,
  { personId, wallet, why }: { personId: string; wallet: string; why: 'asked' | 'refused' },
): Promise<Person | undefined> {
  await trx.deleteFrom('wallet').where('address', '=', wallet).where('person_id', '=', personId).execute()
  await writeAudit(trx, { personId, event: 'unlink', detail: { wallet, why } })
  return await whatIsLeft(trx, personId)
}

async function whatIsLeft(trx: Trx, personId: string): Promise<Person | undefined> {
  const left = await personById(trx, personId)
  if (left.accounts.length > 0 && left.wallets.length > 0) return left
  await trx.deleteFrom('audit').where('person_id', '=', personId).execute()
  await trx.deleteFrom('person').where('id', '=', personId).execute()
  return undefined
}

function ownWallet(person: Person, address: string): string {
  const wallet = person.wallets.find((each) => each.address.toLowerCase() === address.toLowerCase())
  if (!wallet) throw new UserError('This wallet is not one of yours.', { hint: '/whoami', code: 'not-found' })
  return wallet.address
}

async function deleteAccount(trx: Trx, caller: Caller): Promise<void> {
  await trx
    .deleteFrom('account')
    .where('platform', '=', caller.platform)
    .where('workspace', '=', caller.workspace)
    .where('user_id', '=', caller.user)
    .execute()
}
