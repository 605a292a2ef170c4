import { sql } from 'kysely'
import type { Trx } from '../context.ts'
import type { AccountRow, NewWallet } from '../db/tables/identity.ts'
import { UserError } from '../errors.ts'

const walletsPerPerson = 20

export type Join = {
  account: Pick<AccountRow, 'platform' | 'workspace' | 'user_id' | 'name' | 'proof'>
  wallet: Omit<NewWallet, 'person_id' | 'linked_at'>
}

/** Links, unlinks and erasures happen one after the other, so that two of them never share out one wallet. */
export async function lockIdentities(trx: Trx): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('autoco/identity'))`.execute(trx)
}

/**
 * Puts an account and a wallet together, both just proved: the account by the code that its owner typed, the wallet by
 * its signature. Where they belonged to two persons these become one, the wallet's, because both proofs were given by
 * somebody who holds both. Needs `lockIdentities`.
 */
export async function joinPerson(trx: Trx, { account, wallet }: Join): Promise<{ personId: string; merged: boolean }> {
  const ofWallet = await trx
    .selectFrom('wallet')
    .select('person_id')
    .where('address', '=', wallet.address)
    .executeTakeFirst()
  const ofAccount = await trx
    .selectFrom('account')
    .select('person_id')
    .where('platform', '=', account.platform)
    .where('workspace', '=', account.workspace)
    .where('user_id', '=', account.user_id)
    .executeTakeFirst()
  const personId = ofWallet?.person_id ?? ofAccount?.person_id ?? (await newPerson(trx))
  const other = ofAccount && ofAccount.person_id !== personId ? ofAccount.person_id : undefined
  if (other) await movePerson(trx, { from: other, to: personId })
  await trx
    .insertInto('account')
    .values({ ...account, person_id: personId })
    .onConflict((conflict) =>
      conflict
        .columns(['platform', 'workspace', 'user_id'])
        .doUpdateSet({ person_id: personId, name: account.name, proof: account.proof }),
    )
    .execute()
  await trx
    .insertInto('wallet')
    .values({ ...wallet, person_id: personId })
    .onConflict((conflict) => conflict.column('address').doUpdateSet({ ...wallet, person_id: personId }))
    .execute()
  const { count } = await trx
    .selectFrom('wallet')
    .select((eb) => eb.fn.countAll<string>().as('count'))
    .where('person_id', '=', personId)
    .executeTakeFirstOrThrow()
  if (Number(count) > walletsPerPerson)
    throw new UserError(`One person can link ${walletsPerPerson} wallets, and no more.`, {
      hint: 'Take one away first: /unlink and its address.',
      code: 'limit',
    })
  return { personId, merged: other !== undefined }
}

/** Who did what; accounts and wallets are named as long as the person exists, see `erase`. */
export async function writeAudit(
  trx: Trx,
  entry: {
    personId: string | null
    event: 'link' | 'merge' | 'unlink' | 'erase' | 'statement'
    detail: Record<string, unknown>
  },
): Promise<void> {
  await trx
    .insertInto('audit')
    .values({ person_id: entry.personId, event: entry.event, detail: JSON.stringify(entry.detail) })
    .execute()
}

async function newPerson(trx: Trx): Promise<string> {
  const { id } = await trx.insertInto('person').defaultValues().returning('id').executeTakeFirstOrThrow()
  return id
}

async function movePerson(trx: Trx, { from, to }: { from: string; to: string }): Promise<void> {
  await trx.updateTable('account').set({ person_id: to }).where('person_id', '=', from).execute()
  await trx.updateTable('wallet').set({ person_id: to }).where('person_id', '=', from).execute()
  await trx.updateTable('audit').set({ person_id: to }).where('person_id', '=', from).execute()
  await trx.updateTable('proposal_draft').set({ person_id: to }).where('person_id', '=', from).execute()
  // Whoever was reminded is not reminded again.
  await sql`update reminder mine set person_id = ${to} where person_id = ${from} and not exists (
    select from reminder other
    where other.person_id = ${to} and other.proposal_id = mine.proposal_id and other.mark = mine.mark
  )`.execute(trx)
  await trx.deleteFrom('person').where('id', '=', from).execute()
}
