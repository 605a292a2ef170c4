import { defineCommand } from '../command.ts'
import type { Context } from '../context.ts'
import type { DaoRow } from '../db/tables/governance.ts'
import { powerOf } from '../governance/power.ts'
import type { Person } from '../command.ts'
import { hasVoted } from '../reminders/voted.ts'
import { amount } from '../amount.ts'
import { homeView, type HomeBallot } from '../views/home.ts'
import { listProposals } from './proposals.ts'

const mostBallots = 5
const mostDaos = 3
/** The chain may be slow, and somebody waits. */
const powerMs = 1_500

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
      power: person ? await powerIn(ctx, person) : [],
    })
  },
})

/** What the wallets weigh now, in the DAOs that were heard of last; nothing where the chain does not say so in time. */
async function powerIn(ctx: Context, { wallets }: Person): Promise<{ dao: string; votes: string }[]> {
  const daos = await ctx.db.selectFrom('dao').selectAll().orderBy('id', 'desc').limit(mostDaos).execute()
  const addresses = wallets.map(({ address }) => address)
  const read = async (dao: DaoRow): Promise<{ dao: string; votes: string }[]> => {
    const power = await powerOf(ctx, { dao, wallets: addresses })
    const sum = power.wallets.reduce((total, { weight }) => total + weight, 0n)
    return [{ dao: dao.name, votes: amount(sum, power) }]
  }
  const { promise: late, resolve } = Promise.withResolvers<[]>()
  const timer = setTimeout(() => resolve([]), powerMs)
  const found = await Promise.all(daos.map((dao) => Promise.race([read(dao).catch(() => []), late])))
  clearTimeout(timer)
  return found.flat()
}

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
