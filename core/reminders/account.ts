import type { Context } from '../context.ts'
import type { AccountRow } from '../db/tables/identity.ts'
import type { Person } from '../command.ts'
import { privateChannel } from '../platform.ts'
import { mayMessage, saidOf } from './consent.ts'

export type Chosen = Pick<AccountRow, 'platform' | 'workspace' | 'user_id'> & { zone: string | null }

/**
 * The one account on which a person is reminded: where they last said so, else where they last voted. Who said no
 * somewhere, and yes nowhere, is left in peace.
 */
export async function chooseAccount(
  ctx: Pick<Context, 'db' | 'now' | 'platform'>,
  person: Person,
): Promise<Chosen | undefined> {
  const accounts = await Promise.all(
    person.accounts.map(async (account) => {
      const caller = { ...account, user: account.user_id }
      return { account, said: await saidOf(ctx.db, caller), may: await mayMessage(ctx, caller) }
    }),
  )
  if (accounts.some(({ said }) => (said?.snoozed_until?.getTime() ?? 0) > ctx.now())) return undefined
  const byChoice = accounts
    .flatMap(({ account, said }) => (said ? [{ account, said }] : []))
    .sort((a, b) => b.said.chosen_at.getTime() - a.said.chosen_at.getTime())
  const zone = byChoice.find(({ said }) => said.zone !== null)?.said.zone ?? null
  const wanted = byChoice.find(({ said }) => said.wanted)
  if (wanted) return { ...wanted.account, zone }
  if (byChoice.some(({ said }) => said.wanted === false)) return undefined
  const open = accounts.flatMap(({ account, may }) => (may ? [account] : []))
  const used = await lastUsed(ctx, open)
  return used && { ...used, zone }
}

async function lastUsed(ctx: Pick<Context, 'db'>, accounts: readonly AccountRow[]): Promise<AccountRow | undefined> {
  if (accounts.length === 0) return undefined
  const channelOf = (account: AccountRow): string => privateChannel({ ...account, user: account.user_id }).id
  const newest = await ctx.db
    .selectFrom('ballot')
    .select(['platform', 'channel'])
    .where(
      'platform',
      'in',
      accounts.map(({ platform }) => platform),
    )
    .where('channel', 'in', accounts.map(channelOf))
    .orderBy('accepted_at', 'desc')
    .limit(1)
    .executeTakeFirst()
  const voted = accounts.find((each) => each.platform === newest?.platform && channelOf(each) === newest.channel)
  return voted ?? accounts.toSorted((a, b) => b.linked_at.getTime() - a.linked_at.getTime())[0]
}
