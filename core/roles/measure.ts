import { parseUnits } from 'viem'
import { sql } from 'kysely'
import type { Context } from '../context.ts'
import type { DaoRow } from '../db/tables/governance.ts'
import type { RoleRuleRow } from '../db/tables/roles.ts'
import { tokenOf } from '../chain/token.ts'
import { governorClock, weightAt } from '../governance/weight.ts'

const lastVotes = 10
/** Percent are measured in hundredths. */
const parts = 100

export type Measure = { atLeast: bigint; valueOf(person: { id: string; wallets: readonly string[] }): Promise<bigint> }

/** How much of what a rule asks for somebody has. */
export async function measureOf(ctx: Context, rule: RoleRuleRow): Promise<Measure> {
  if (rule.kind === 'linked' || rule.dao_id === null) return { atLeast: 1n, valueOf: () => Promise.resolve(1n) }
  const dao = await ctx.db.selectFrom('dao').selectAll().where('id', '=', rule.dao_id).executeTakeFirstOrThrow()
  if (rule.kind === 'power') return await powerMeasure(ctx, rule, dao)
  return await participationMeasure(ctx, rule, dao)
}

async function powerMeasure(ctx: Context, rule: RoleRuleRow, dao: DaoRow): Promise<Measure> {
  const { decimals } = await tokenOf(ctx, dao)
  const timepoint = await governorClock(ctx, dao)
  return {
    atLeast: parseUnits(rule.at_least, decimals),
    async valueOf({ wallets }) {
      const weights = await Promise.all(wallets.map((account) => weightAt(ctx, { dao, account, timepoint })))
      return weights.reduce((sum, weight) => sum + weight, 0n)
    },
  }
}

/** By the votes that are over; who could not vote in any has taken part in none. */
async function participationMeasure(ctx: Context, rule: RoleRuleRow, dao: DaoRow): Promise<Measure> {
  const votes = await ctx.db
    .selectFrom('proposal')
    .select('id')
    .where('dao_id', '=', dao.id)
    .where('orphaned_at', 'is', null)
    .where('state', 'not in', ['pending', 'active', 'canceled'])
    .orderBy('block_number', 'desc')
    .limit(lastVotes)
    .execute()
  const ids = votes.map(({ id }) => id)
  const { rows } = await sql<{ person: string; votes: string }>`
    select wallet.person_id as person, count(distinct vote.proposal_id) as votes
    from vote join wallet on wallet.address = vote.voter
    where vote.orphaned_at is null and vote.proposal_id = any(${ids}::bigint[]) group by 1`.execute(ctx.db)
  const cast = new Map(rows.map((row) => [row.person, Number(row.votes)]))
  return {
    atLeast: BigInt(Math.round(Number(rule.at_least) * parts)),
    valueOf: ({ id }) =>
      Promise.resolve(ids.length === 0 ? 0n : BigInt(Math.round(((cast.get(id) ?? 0) * 100 * parts) / ids.length))),
  }
}
