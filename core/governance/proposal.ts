import type { Context, Db, Trx } from '../context.ts'
import type { DaoRow, ProposalRow } from '../db/tables/governance.ts'
import { UserError } from '../errors.ts'

/** A proposal with the DAO that it is put to. */
export type Proposal = ProposalRow & { dao: DaoRow }

/** The proposal of a short ref (`ens-42`); one that a reorg took back is not there. */
export async function findProposal(ctx: Pick<Context, 'db'>, ref: string): Promise<Proposal> {
  const row = await ctx.db
    .selectFrom('proposal')
    .selectAll()
    .where('ref', '=', ref)
    .where('orphaned_at', 'is', null)
    .executeTakeFirst()
  if (!row)
    throw new UserError(`I know no proposal “${ref.slice(0, 40)}”.`, { hint: '/proposals', code: 'unknown-proposal' })
  return withDao(ctx.db, row)
}

/** By our own id, whatever became of it. */
export async function proposalById(ctx: { db: Db | Trx }, id: string): Promise<Proposal> {
  const row = await ctx.db.selectFrom('proposal').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
  return withDao(ctx.db, row)
}

async function withDao(db: Db | Trx, row: ProposalRow): Promise<Proposal> {
  const dao = await db.selectFrom('dao').selectAll().where('id', '=', row.dao_id).executeTakeFirstOrThrow()
  return { ...row, dao }
}
