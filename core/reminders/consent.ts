import type { Context, Db, Trx } from '../context.ts'
import { has, type AsksFirst, type Caller } from '../platform.ts'

type Account = Pick<Caller, 'platform' | 'workspace' | 'user'>

/**
 * Whether AutoCo may write to this account of its own accord: its owner said so (`/reminders on`), or said nothing on a
 * platform that does not ask for it.
 */
export async function mayMessage(ctx: Pick<Context, 'db' | 'platform'>, account: Account): Promise<boolean> {
  const said = await saidOf(ctx.db, account)
  return said?.wanted ?? !has<AsksFirst>(ctx.platform?.(account.platform), 'asksFirst')
}

/** What the owner of an account said of private messages. */
export const saidOf = (db: Db | Trx, { platform, workspace, user }: Account) =>
  db
    .selectFrom('messaging')
    .selectAll()
    .where('platform', '=', platform)
    .where('workspace', '=', workspace)
    .where('user_id', '=', user)
    .executeTakeFirst()

type Said = { wanted?: boolean; zone?: string; snoozedUntil?: Date | null }

/** Keeps what the owner said; whoever says something on an account chooses it. */
export async function say(ctx: Pick<Context, 'db' | 'now'>, account: Account, said: Said): Promise<void> {
  const { platform, workspace, user: user_id } = account
  const chosen_at = new Date(ctx.now())
  const change = {
    ...(said.wanted === undefined ? {} : { wanted: said.wanted }),
    ...(said.zone === undefined ? {} : { zone: said.zone }),
    ...(said.snoozedUntil === undefined ? {} : { snoozed_until: said.snoozedUntil }),
    chosen_at,
  }
  await ctx.db
    .insertInto('messaging')
    .values({ platform, workspace, user_id, ...change })
    .onConflict((conflict) => conflict.columns(['platform', 'workspace', 'user_id']).doUpdateSet(change))
    .execute()
}
