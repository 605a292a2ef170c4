import { arg, defineCommand } from '../../command.ts'
import type { Context } from '../../context.ts'
import { findDao } from '../dao.ts'
import { noProposalsView, proposalsView, type ListedProposal } from '../views/proposals.ts'
import { daoArg } from '../../args.ts'

const most = 10

/** `/proposals`: open ones first, the one that ends soonest on top; then those decided last. */
export const proposals = defineCommand({
  name: 'proposals',
  description: 'Proposals you can vote on, and recent ones',
  args: { dao: arg.optional(daoArg('Of one DAO only, like ens')) },
  audience: 'caller',
  access: 'anyone',
  byLink: () => true,
  async run(ctx, { args }) {
    const dao = args.dao === undefined ? undefined : await findDao(ctx, args.dao)
    const [open, recent] = await Promise.all([
      listProposals(ctx, { daoId: dao?.id, isOpen: true }),
      listProposals(ctx, { daoId: dao?.id, isOpen: false }),
    ])
    if (open.length + recent.length > 0) return proposalsView({ dao, open, recent })
    return noProposalsView(dao ?? (await ctx.db.selectFrom('dao').select(['name', 'slug']).executeTakeFirst()))
  },
})

/** Open ones, the one that ends soonest first; or those that are over, the newest first. */
async function listProposals(
  ctx: Pick<Context, 'db'>,
  { daoId, isOpen }: { daoId?: string | undefined; isOpen: boolean },
): Promise<(ListedProposal & { id: string })[]> {
  const rows = await ctx.db
    .selectFrom('proposal')
    .innerJoin('dao', 'dao.id', 'proposal.dao_id')
    .select(['proposal.id', 'proposal.ref', 'proposal.title', 'proposal.state', 'proposal.deadline', 'dao.clock'])
    .where('proposal.orphaned_at', 'is', null)
    .where('proposal.state', isOpen ? 'in' : 'not in', ['active', 'pending'])
    .$if(daoId !== undefined, (query) => query.where('proposal.dao_id', '=', daoId ?? ''))
    .orderBy((eb) => eb.case().when('proposal.state', '=', 'active').then(0).else(1).end())
    .orderBy('proposal.deadline', isOpen ? 'asc' : 'desc')
    .orderBy('proposal.id', 'desc')
    .limit(most)
    .execute()
  return rows.map(({ id, ref, title, state, deadline, clock }) => ({
    id,
    ref,
    title,
    state,
    ends: clock === 'timestamp' ? { at: Number(deadline) } : { block: deadline },
  }))
}
