import type { Context, Db, Trx } from '../context.ts'
import type { Person } from '../command.ts'
import { UserError } from '../errors.ts'
import type { Caller } from '../platform.ts'

/** The person a chat account belongs to; undefined as long as it is linked to nothing. */
export async function findPerson(
  ctx: Pick<Context, 'db'>,
  caller: Pick<Caller, 'platform' | 'workspace' | 'user'>,
): Promise<Person | undefined> {
  const account = await ctx.db
    .selectFrom('account')
    .select('person_id')
    .where('platform', '=', caller.platform)
    .where('workspace', '=', caller.workspace)
    .where('user_id', '=', caller.user)
    .executeTakeFirst()
  return account && personById(ctx.db, account.person_id)
}

export async function personById(db: Db | Trx, id: string): Promise<Person> {
  const accounts = await db.selectFrom('account').selectAll().where('person_id', '=', id).orderBy('linked_at').execute()
  const wallets = await db
    .selectFrom('wallet')
    .selectAll()
    .where('person_id', '=', id)
    .orderBy('linked_at')
    .orderBy('address')
    .execute()
  return { id, accounts, wallets }
}

export function requirePerson(person: Person | undefined): Person {
  if (!person) throw new UserError('This account is not linked to a wallet yet.', { hint: '/link', code: 'not-linked' })
  return person
}
