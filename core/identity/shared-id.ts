import type { Context } from '../context.ts'
import type { Caller } from '../platform.ts'
import { readAutoId, type AutoId } from './auto-id.ts'
import type { Person } from '../command.ts'
import { findPerson, personById } from './person.ts'

/** An Auto ID and the wallet that controls it; `undefined` as long as its registration is on the way. */
export type HeldId = { wallet: string; autoId: AutoId | undefined }

/**
 * One person has one Auto ID, so before a wallet gets one, the wallets that it is about to be linked with are asked.
 * The wallet's own comes first.
 */
export async function idAround(
  ctx: Context,
  { account, wallet }: { account: Pick<Caller, 'platform' | 'workspace' | 'user'>; wallet: string },
): Promise<HeldId | undefined> {
  const people = [await findPerson(ctx, account), await personOfWallet(ctx, wallet)]
  const wallets = people.flatMap((person) => person?.wallets.map(({ address }) => address) ?? [])
  const all = [...new Set([wallet, ...wallets])]
  const ids = await Promise.all(all.map((address) => readAutoId(ctx, address)))
  for (const [index, autoId] of ids.entries()) if (autoId) return { wallet: all[index] ?? wallet, autoId }
  const waiting = await ctx.db
    .selectFrom('registration')
    .select('controller')
    .where('controller', 'in', all)
    .where('controller', '<>', wallet)
    .where('state', 'in', ['accepted', 'sent'])
    .executeTakeFirst()
  return waiting && { wallet: waiting.controller, autoId: undefined }
}

async function personOfWallet(ctx: Context, wallet: string): Promise<Person | undefined> {
  const row = await ctx.db.selectFrom('wallet').select('person_id').where('address', '=', wallet).executeTakeFirst()
  return row && personById(ctx.db, row.person_id)
}
