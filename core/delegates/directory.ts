import { sql } from 'kysely'
import type { Context } from '../context.ts'
import type { DaoRow } from '../db/tables/governance.ts'
import { participationOf, type Participation } from './record.ts'
import { statementsIn } from './statement.ts'
import { delegateWeight, type DelegateWeight } from './weight.ts'

export type ListedDelegate = DelegateWeight & { participation: Participation; statement: string | undefined }

/** Each is asked for on the chain; more would be a burden on the node and on the reader. */
const most = 15
const lastVotes = 10

/** Who votes for others, the heaviest first: found in our rows, weighed by the token. */
export async function directoryOf(ctx: Pick<Context, 'db' | 'chain'>, dao: DaoRow): Promise<ListedDelegate[]> {
  const accounts = await knownDelegates(ctx, dao)
  const [weights, participation, statements] = await Promise.all([
    Promise.all(accounts.map((account) => delegateWeight(ctx, { dao, account }))),
    participationOf(ctx, { daoId: dao.id, accounts, most: lastVotes }),
    statementsIn(ctx, { daoId: dao.id, accounts }),
  ])
  return weights
    .flatMap((weight): ListedDelegate[] => {
      const statement = statements.get(weight.address)
      const taken = participation.get(weight.address)
      // Who merely votes with their own is nobody's delegate.
      return taken && (weight.delegated > 0n || statement !== undefined)
        ? [{ ...weight, participation: taken, statement }]
        : []
    })
    .sort((one, other) => (one.delegated === other.delegated ? 0 : one.delegated < other.delegated ? 1 : -1))
}

/** Accounts that got votes, that voted, or that say they would like to be delegated to. */
export async function knownDelegates(
  ctx: Pick<Context, 'db'>,
  dao: Pick<DaoRow, 'id' | 'token'>,
  prefix = '',
): Promise<string[]> {
  const { rows } = await sql<{ address: string }>`
    select address from (
      select delegate as address, max(current) as weight, false as is_standing from power_move
        where token = ${dao.token?.toLowerCase() ?? ''} and orphaned_at is null group by delegate
      union all
      select voter, max(vote.weight), false from vote join proposal on proposal.id = vote.proposal_id
        where proposal.dao_id = ${dao.id} and vote.orphaned_at is null group by voter
      union all
      select address, 0, true from delegate_statement where dao_id = ${dao.id}
    ) known
    where address ilike ${`${prefix.replaceAll(/[^0-9a-zA-Z]/g, '')}%`}
    group by address order by bool_or(is_standing) desc, max(weight) desc, address limit ${most}`.execute(ctx.db)
  return rows.map(({ address }) => address)
}
