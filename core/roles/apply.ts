import type { Context } from '../context.ts'
import type { RoleHolderRow, RoleRuleRow } from '../db/tables/roles.ts'
import type { GivesRoles } from '../platform.ts'
import { measureOf } from './measure.ts'
import { nextStanding } from './rule.ts'

/** What a member was given is looked after once an hour: they may have left and come back, or lost it to somebody's hand. */
const againMs = 55 * 60_000

type Key = Pick<RoleRuleRow, 'platform' | 'server' | 'role'>

/** Brings one role to where its rule wants it. Throws what the platform says when it does not let us. */
export async function applyRule(ctx: Context, platform: GivesRoles, rule: RoleRuleRow): Promise<void> {
  const held = new Map((await holdersOf(ctx, rule)).map((row) => [row.user_id, row]))
  if (!rule.ended) {
    const measure = await measureOf(ctx, rule)
    for (const { user, person } of await accountsOf(ctx, rule)) {
      const holder = held.get(user)
      held.delete(user)
      const before = { has: holder?.has ?? false, belowSince: holder?.below_since?.getTime() }
      const value = await measure.valueOf(person)
      const next = nextStanding(before, { value, atLeast: measure.atLeast, nowMs: ctx.now() })
      await bring(ctx, platform, { rule, user, holder, next })
    }
  }
  // Whoever is left is linked no more, or the rule has ended.
  for (const holder of held.values()) {
    if (holder.has) await platform.setRole({ server: rule.server, user: holder.user_id, role: rule.role, has: false })
    await ofHolder(ctx, rule, holder.user_id).execute()
  }
  if (rule.ended)
    await ctx.db
      .deleteFrom('role_rule')
      .where('platform', '=', rule.platform)
      .where('server', '=', rule.server)
      .where('role', '=', rule.role)
      .where('ended', '=', true)
      .execute()
}

async function bring(
  ctx: Context,
  platform: GivesRoles,
  params: {
    rule: RoleRuleRow
    user: string
    holder: RoleHolderRow | undefined
    next: { has: boolean; belowSince: number | undefined }
  },
): Promise<void> {
  const { rule, user, holder, next } = params
  const now = ctx.now()
  const isOld = holder === undefined || now - holder.checked_at.getTime() >= againMs
  const hasChanged = next.has !== (holder?.has ?? false)
  if (hasChanged || (next.has && isOld))
    await platform.setRole({ server: rule.server, user, role: rule.role, has: next.has })
  else if (next.belowSince === holder?.below_since?.getTime()) return
  const { platform: name, server, role } = rule
  const values = {
    has: next.has,
    below_since: next.belowSince === undefined ? null : new Date(next.belowSince),
    checked_at: new Date(now),
  }
  await ctx.db
    .insertInto('role_holder')
    .values({ platform: name, server, role, user_id: user, ...values })
    .onConflict((conflict) => conflict.columns(['platform', 'server', 'role', 'user_id']).doUpdateSet(values))
    .execute()
}

const holdersOf = (ctx: Pick<Context, 'db'>, { platform, server, role }: Key): Promise<RoleHolderRow[]> =>
  ctx.db
    .selectFrom('role_holder')
    .selectAll()
    .where('platform', '=', platform)
    .where('server', '=', server)
    .where('role', '=', role)
    .execute()

const ofHolder = (ctx: Pick<Context, 'db'>, { platform, server, role }: Key, user: string) =>
  ctx.db
    .deleteFrom('role_holder')
    .where('platform', '=', platform)
    .where('server', '=', server)
    .where('role', '=', role)
    .where('user_id', '=', user)

async function accountsOf(ctx: Pick<Context, 'db'>, { platform }: Key) {
  const rows = await ctx.db
    .selectFrom('account')
    .innerJoin('wallet', 'wallet.person_id', 'account.person_id')
    .select(['account.user_id', 'account.person_id', 'wallet.address'])
    .where('account.platform', '=', platform)
    .orderBy('account.user_id')
    .execute()
  return [...Map.groupBy(rows, ({ user_id }) => user_id)].map(([user, own]) => ({
    user,
    person: { id: own[0]?.person_id ?? '', wallets: own.map(({ address }) => address) },
  }))
}
