import { openDecisions, type DecisionLine } from '../../chat/decision.ts'
import { defineCommand } from '../../command.ts'
import type { Context } from '../../context.ts'
import type { DaoRow } from '../../db/tables/governance.ts'
import { powerOf } from '../../governance/power.ts'
import type { Person } from '../../command.ts'
import { amount } from '../../amount.ts'
import { homeView, type HomeBallot } from '../views/home.ts'

const mostBallots = 5
const mostOfAKind = 10
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
    const { open, answered } = await decisionsFor(ctx, person)
    const votes = open.filter(({ isVote }) => isVote)
    return homeView({
      wallets: person?.wallets.length ?? 0,
      waiting: votes.filter(({ line }) => !answered.has(keyOf(line))).map(({ line }) => line),
      voted: votes.filter(({ line }) => answered.has(keyOf(line))).map(({ line }) => line),
      challenges: open.filter(({ isVote }) => !isVote).map(({ line }) => line),
      ballots: person ? await lastBallots(ctx, person) : [],
      power: person ? await powerIn(ctx, person) : [],
    })
  },
})

const keyOf = ({ kind, id }: DecisionLine): string => `${kind}/${id}`

/** What is open, of every kind, and what of it the person has had their say in. */
async function decisionsFor(
  ctx: Context,
  person: Person | undefined,
): Promise<{ open: { line: DecisionLine; isVote: boolean }[]; answered: Set<string> }> {
  const daos = await ctx.db.selectFrom('dao').select('id').execute()
  const lines = await openDecisions(ctx, { daoIds: daos.map(({ id }) => id) })
  const shown = ctx.kinds.decisions.flatMap((kind) =>
    lines
      .filter((line) => line.kind === kind.name)
      .slice(0, mostOfAKind)
      .map((line) => ({ line, isVote: kind.isVote })),
  )
  const answered = new Set<string>()
  if (person)
    for (const kind of ctx.kinds.decisions) {
      const ids = shown.filter(({ line }) => line.kind === kind.name).map(({ line }) => line.id)
      for (const id of await kind.answered(ctx, person, ids)) answered.add(`${kind.name}/${id}`)
    }
  const order = new Map(lines.map((line, at) => [line, at]))
  return { open: shown.toSorted((a, b) => (order.get(a.line) ?? 0) - (order.get(b.line) ?? 0)), answered }
}

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
