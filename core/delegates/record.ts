import { sql } from 'kysely'
import type { Context } from '../context.ts'
import type { ProposalStateName } from '../db/tables/governance.ts'
import type { Support } from '../voting/support.ts'

/** How an account took part in the votes of a DAO that are over, by what the chain logged. */
export type Participation = {
  /** Votes that are over, the last ones. */
  of: number
  cast: number
  withReason: number
  /** For or against, where one of the two had more. */
  sided: number
  withMajority: number
}

const none = { cast: 0, withReason: 0, sided: 0, withMajority: 0 }

/** By the last `most` votes of the DAO, for each of the accounts. */
export async function participationOf(
  ctx: Pick<Context, 'db'>,
  { daoId, accounts, most }: { daoId: string; accounts: readonly string[]; most: number },
): Promise<Map<string, Participation>> {
  const over = await ctx.db
    .selectFrom('proposal')
    .select('id')
    .where('dao_id', '=', daoId)
    .where('orphaned_at', 'is', null)
    .where('state', 'not in', ['pending', 'active', 'canceled'])
    .orderBy('block_number', 'desc')
    .orderBy('id', 'desc')
    .limit(most)
    .execute()
  const ids = over.map(({ id }) => id)
  const { rows } = await sql<Record<keyof typeof none | 'voter', string>>`
    select voter, count(*) as cast, count(*) filter (where reason <> '') as "withReason",
      count(*) filter (where support in (0, 1) and in_favour <> against) as sided,
      count(*) filter (
        where (support = 1 and in_favour > against) or (support = 0 and against > in_favour)
      ) as "withMajority"
    from counted_vote join proposal on proposal.id = counted_vote.proposal_id
    where proposal.id = any(${ids}::bigint[]) and voter = any(${[...accounts]}::text[])
    group by voter`.execute(ctx.db)
  const found = new Map(
    rows.map(({ voter, cast, withReason, sided, withMajority }) => [
      voter,
      {
        cast: Number(cast),
        withReason: Number(withReason),
        sided: Number(sided),
        withMajority: Number(withMajority),
      },
    ]),
  )
  return new Map(accounts.map((account) => [account, { of: ids.length, ...(found.get(account) ?? none) }]))
}

export type PastVote = {
  ref: string
  title: string
  state: ProposalStateName
  support: Support
  weight: bigint
  hasReason: boolean
}

/** The newest first, those that still run too. */
export async function votesBy(
  ctx: Pick<Context, 'db'>,
  { daoId, account, most }: { daoId: string; account: string; most: number },
): Promise<PastVote[]> {
  const rows = await ctx.db
    .selectFrom('counted_vote as vote')
    .innerJoin('proposal', 'proposal.id', 'vote.proposal_id')
    .select(['proposal.ref', 'proposal.title', 'proposal.state', 'vote.support', 'vote.weight', 'vote.reason'])
    .where('proposal.dao_id', '=', daoId)
    .where('proposal.orphaned_at', 'is', null)
    .where('vote.voter', '=', account)
    .orderBy('proposal.block_number', 'desc')
    .orderBy('proposal.id', 'desc')
    .limit(most)
    .execute()
  return rows.map(({ support, weight, reason, ...proposal }) => ({
    ...proposal,
    // Written from a log whose support a Governor has checked.
    support: support as Support,
    weight: BigInt(weight),
    hasReason: reason !== '',
  }))
}

export type WeightAt = { at: number; weight: bigint }

/** What the token logged of an account's votes since the DAO is watched, the newest first. */
export async function weightsOver(
  ctx: Pick<Context, 'db'>,
  { token, account, most }: { token: string; account: string; most: number },
): Promise<WeightAt[]> {
  const rows = await ctx.db
    .selectFrom('power_move')
    .select(['at', 'current'])
    .where('token', '=', token.toLowerCase())
    .where('delegate', '=', account)
    .where('orphaned_at', 'is', null)
    .orderBy('block_number', 'desc')
    .orderBy('log_index', 'desc')
    .limit(most)
    .execute()
  return rows.map(({ at, current }) => ({ at: Math.floor(at.getTime() / 1_000), weight: BigInt(current) }))
}
