import type { Context, Trx } from '../context.ts'
import type { Leaving } from '../eraser.ts'
import { lockIdentities, writeAudit } from '../identity/join.ts'
import { findPerson } from '../identity/person.ts'
import { privateChannel, type Caller } from '../platform.ts'

export type Erased = { accounts: number; wallets: number }

/**
 * Forgets a person: every feature takes them out of its tables. Ballots stay without a name: the chain holds them too, and
 * the tally is checked against them.
 */
export async function erase(ctx: Context, { caller }: { caller: Caller }): Promise<Erased> {
  return await ctx.db.transaction().execute(async (trx) => {
    await lockIdentities(trx)
    const who = await leaving(trx, caller)
    for (const eraser of ctx.kinds.erase) await eraser(ctx, trx, who)
    const erased = { accounts: who.linked, wallets: who.wallets.length }
    await writeAudit(trx, { personId: null, event: 'erase', detail: erased })
    return erased
  })
}

async function leaving(trx: Trx, caller: Caller): Promise<Leaving & { linked: number }> {
  const person = await findPerson({ db: trx }, caller)
  const accounts = person?.accounts ?? [
    { platform: caller.platform, workspace: caller.workspace, user_id: caller.user },
  ]
  return {
    accounts,
    conversations: accounts.map(({ user_id: user, ...account }) => privateChannel({ ...account, user })),
    wallets: person?.wallets.map(({ address }) => address) ?? [],
    linked: person?.accounts.length ?? 0,
  }
}
