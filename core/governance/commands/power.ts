import { arg, defineCommand } from '../../command.ts'
import type { Context } from '../../context.ts'
import type { DaoRow } from '../../db/tables/governance.ts'
import { UserError } from '../../errors.ts'
import { findDao } from '../dao.ts'
import { powerOf } from '../power.ts'
import { findProposal } from '../proposal.ts'
import type { Person } from '../../command.ts'
import type { View } from '../../view.ts'
import { powerView } from '../views/power.ts'

/** `/power ens-42` at a proposal's snapshot, `/power ens` now, `/power` alone in the one DAO there is. */
export const power = defineCommand({
  name: 'power',
  description: 'What your vote weighs, and why',
  args: {
    subject: arg.optional({ ...arg.word('A proposal like ens-42, or a DAO like ens'), complete: completeSubject }),
  },
  audience: 'caller',
  access: 'linked',
  byLink: () => true,
  async run(ctx, { person, args }) {
    const wallets = requirePerson(person).wallets.map((wallet) => wallet.address)
    if (args.subject?.includes('-')) {
      const proposal = await findProposal(ctx, args.subject.toLowerCase())
      const found = await powerOf(ctx, { dao: proposal.dao, wallets, snapshot: BigInt(proposal.snapshot) })
      return powerView({ dao: proposal.dao, proposal, power: found })
    }
    const daos = args.subject ? [await findDao(ctx, args.subject.toLowerCase())] : await watchedDaos(ctx)
    const views = await Promise.all(
      daos.map(async (dao) => powerView({ dao, power: await powerOf(ctx, { dao, wallets }) })),
    )
    return joinViews(views)
  },
})

async function watchedDaos(ctx: Context): Promise<DaoRow[]> {
  const daos = await ctx.db.selectFrom('dao').selectAll().where('kind', '<>', 'global').orderBy('id').limit(5).execute()
  if (daos.length === 0) throw new UserError('No DAO is watched yet.', { hint: '/watch <address of the governor>' })
  return daos
}

/** Several DAOs are one answer: each view becomes a part under its own heading. */
function joinViews(views: View[]): View {
  const [only] = views
  if (only && views.length === 1) return only
  return {
    title: 'Your power',
    body: views.flatMap((view) => [
      { type: 'text' as const, style: 'heading' as const, text: view.title ?? '' },
      ...view.body,
    ]),
    actions: views.flatMap((view) => view.actions ?? []).slice(0, 5),
  }
}

async function completeSubject(ctx: Context, prefix: string): Promise<{ value: string; label: string }[]> {
  const like = prefix.toLowerCase().replaceAll(/[%_\\]/g, '') + '%'
  const [daos, proposals] = await Promise.all([
    ctx.db.selectFrom('dao').select(['slug', 'name']).where('slug', 'like', like).limit(10).execute(),
    ctx.db
      .selectFrom('proposal')
      .select(['ref', 'title'])
      .where('ref', 'like', like)
      .orderBy('id', 'desc')
      .limit(15)
      .execute(),
  ])
  return [
    ...daos.map((dao) => ({ value: dao.slug, label: dao.name })),
    ...proposals.map((proposal) => ({ value: proposal.ref, label: proposal.title.slice(0, 80) })),
  ]
}

function requirePerson(person: Person | undefined): Person {
  if (!person) throw new UserError('This account is not linked to a wallet yet.', { hint: '/link' })
  return person
}
