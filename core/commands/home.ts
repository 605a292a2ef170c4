import { defineCommand } from '../command.ts'
import type { Context } from '../context.ts'
import type { Person } from '../identity/person.ts'
import { hasVoted } from '../reminders/voted.ts'
import { homeView, type HomeBallot } from '../views/home.ts'
import { listProposals } from './proposals.ts'

const mostBallots = 5

/** `/home`: what waits for this person, and what became of their last votes. */
export const home = defineCommand({
  name: 'home',
  description: 'What waits for you',
  args: {},
  audience: 'caller',
  access: 'anyone',
  byLink: () => true,
  async run(ctx, { person }) {
    const open = await listProposals(ctx, { isOpen: true })
    const voted = await Promise.all(
      open.map(
        async ({ id }) => person !== undefined && (await hasVoted(ctx.db, { proposalId: id, personId: person.id })),
      ),
    )
    return homeView({
      wallets: person?.wallets.length ?? 0,
      waiting: open.filter((_, index) => !voted[index]),
      voted: open.filter((_, index) => voted[index]),
      ballots: person ? await lastBallots(ctx, person) : [],
    })
  },
})

async function lastBallots(ctx: Pick<Context, 'db'>, person: Person): Promise<HomeBallot[]> {
  const wallets = person.wallets.map(({ address }) => address)
  if (wallets.length === 0) return []
  return await ctx.db
    .selectFrom('ballot')
    .innerJoin('proposal', 'proposal.id', 'ballot.proposal_id')
    .select(['ballot.id', 'ballot.state', 'ballot.block_number as block', 'proposal.ref'])
    .where('ballot.voter', 'in', wallets)
    .orderBy('ballot.accepted_at', 'desc')
    .limit(mostBallots)
    .execute()
}
