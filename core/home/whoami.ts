import { recentBallots } from '../ballots/receipt.ts'
import type { Context } from '../context.ts'
import { RetryableError } from '../errors.ts'
import { signedIn } from '../relay/signed.ts'
import type { RecentBallot } from '../ballots/views/ballot.ts'
import { autoIdOf, type AutoId } from '../identity/auto-id.ts'
import type { Person } from '../command.ts'

export type KnownWallet = {
  address: string
  verified: Person['wallets'][number]['verified']
  linkedAt: number
  /** `unknown` while the registry does not answer. */
  autoId: AutoId | 'none' | 'registering' | 'unknown'
}
export type Known = { accounts: Person['accounts']; wallets: KnownWallet[]; ballots: number; recent: RecentBallot[] }

/** Everything that AutoCo keeps about a person. */
export async function whatIsKnown(ctx: Context, person: Person): Promise<Known> {
  const addresses = person.wallets.map((wallet) => wallet.address)
  const registering = await ctx.db
    .selectFrom('registration')
    .select('controller')
    .where('controller', 'in', ['', ...addresses])
    .where('state', 'in', ['accepted', 'sent'])
    .execute()
  const counts = await Promise.all(
    ctx.kinds.signed.map((kind) =>
      signedIn(ctx.db)
        .selectFrom(kind.table)
        .select((eb) => eb.fn.countAll<string>().as('count'))
        .where('voter', 'in', ['', ...addresses])
        .executeTakeFirstOrThrow(),
    ),
  )
  const waiting = new Set(registering.map((row) => row.controller))
  const wallets = await Promise.all(
    person.wallets.map(async ({ address, verified, linked_at }): Promise<KnownWallet> => {
      const found = await autoIdIfReachable(ctx, address)
      return {
        address,
        verified,
        linkedAt: Math.floor(linked_at.getTime() / 1_000),
        autoId: found ?? (waiting.has(address) ? 'registering' : 'none'),
      }
    }),
  )
  return {
    accounts: person.accounts,
    wallets,
    ballots: counts.reduce((sum, { count }) => sum + Number(count), 0),
    recent: await recentBallots(ctx, { wallets: addresses }),
  }
}

async function autoIdIfReachable(ctx: Context, address: string): Promise<AutoId | 'unknown' | undefined> {
  try {
    return await autoIdOf(ctx, address)
  } catch (error) {
    if (error instanceof RetryableError) return 'unknown'
    throw error
  }
}
