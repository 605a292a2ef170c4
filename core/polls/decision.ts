import type { Address } from 'viem'
import { tokenOf, type Token } from '../chain/token.ts'
import {
  byRefIn,
  redrawBy,
  type DecisionKind,
  type DecisionLine,
  type Remindable,
  type Scope,
  type Shown,
} from '../chat/decision.ts'
import type { Context, Trx } from '../context.ts'
import type { PollRow } from '../db/tables/polls.ts'
import { nomicById } from '../nomic/contracts.ts'
import { announcePoll } from './jobs.ts'
import { readPaper } from './paper.ts'
import { readPoll } from './record.ts'
import { standingsOf } from './standing.ts'
import { standing } from '../relay/signed.ts'
import { pollCard, pollLine, pollResult, pollTitle } from './views/poll.ts'

const open: readonly PollRow['state'][] = ['open', 'upcoming']

export const pollDecision: DecisionKind<Token> = {
  name: 'poll',
  notes: 'poll',
  isVote: true,
  redraw: redrawBy(announcePoll, 'pollId'),
  async units(ctx, id) {
    const poll = await ctx.db.selectFrom('poll').select('dao_id').where('id', '=', id).executeTakeFirst()
    return poll && (await tokenOf(ctx, await nomicById(ctx.db, poll.dao_id)))
  },
  read,
  async alive(db, ids) {
    const rows = await db
      .selectFrom('poll')
      .select('id')
      .where('id', 'in', ids)
      .where('state', 'in', ['open', 'upcoming', 'weighing'])
      .execute()
    return rows.map(({ id }) => id)
  },
  byRef: byRefIn('poll', 'orphaned_at'),
  async open(ctx, scope) {
    const rows = await pollsIn(ctx, scope).where('state', 'in', open).orderBy('id').execute()
    return await Promise.all(rows.map((row) => lineOf(ctx, row)))
  },
  async decided(ctx, { since, until, ...scope }) {
    const rows = await pollsIn(ctx, scope)
      .where('state', '=', 'closed')
      .where('is_history', '=', false)
      .where('closed_at', '>', since)
      .where('closed_at', '<=', until)
      .orderBy('closed_at', 'desc')
      .execute()
    return await Promise.all(rows.map((row) => lineOf(ctx, row)))
  },
  async answered(ctx, person, ids) {
    const wallets = person.wallets.map(({ address }) => address)
    if (wallets.length === 0 || ids.length === 0) return new Set()
    const rows = await ctx.db
      .selectFrom('poll')
      .innerJoin('paper_ballot', (join) =>
        join.onRef('paper_ballot.dao_id', '=', 'poll.dao_id').onRef('paper_ballot.paper', '=', 'poll.paper'),
      )
      .select('poll.id')
      .where('poll.id', 'in', ids)
      .where('paper_ballot.voter', 'in', wallets)
      .where('paper_ballot.state', 'in', standing as never)
      .execute()
    return new Set(rows.map(({ id }) => id))
  },
  async text(ctx, id) {
    const poll = await ctx.db.selectFrom('poll').select(['title', 'body']).where('id', '=', id).executeTakeFirst()
    return poll && { title: poll.title, body: poll.body }
  },
  reminders: {
    /** One a paper, whose polls are answered together. */
    async due(ctx) {
      const rows = await ctx.db
        .selectFrom('poll')
        .innerJoin('paper', (join) =>
          join.onRef('paper.dao_id', '=', 'poll.dao_id').onRef('paper.number', '=', 'poll.paper'),
        )
        .innerJoin('dao', 'dao.id', 'poll.dao_id')
        .select(['poll.id', 'poll.ref', 'poll.title', 'poll.dao_id', 'poll.paper'])
        .select(['dao.name', 'paper.opens', 'paper.closes'])
        .where('dao.chain_id', '=', ctx.chain.id)
        .where('poll.state', '=', 'open')
        .where('poll.orphaned_at', 'is', null)
        .orderBy('poll.id')
        .execute()
      return [...Map.groupBy(rows, ({ dao_id, paper }) => `${dao_id}/${paper}`).values()].flatMap(
        ([first, ...others]): Remindable[] =>
          first
            ? [
                {
                  id: first.id,
                  ref: first.ref,
                  title: `${pollTitle(first)}${others.length > 0 ? ` (and ${others.length} more)` : ''}`,
                  dao: { id: first.dao_id, name: first.name },
                  opensAt: Number(first.opens),
                  endsAt: Number(first.closes),
                  vote: `answer ${first.ref}`,
                  line: `poll ${first.ref}`,
                },
              ]
            : [],
      )
    },
    async mayStillVote(ctx, person, id) {
      const poll = await ctx.db.selectFrom('poll').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
      const dao = await nomicById(ctx.db, poll.dao_id)
      const paper = await readPaper(ctx, dao, poll.paper)
      const standings = await standingsOf(ctx, { paper, token: dao.token as Address, person })
      return standings.some(({ why, weight }) => why === undefined && weight > 0n)
    },
  },
  async card(ctx, id) {
    const poll = await ctx.db.selectFrom('poll').selectAll().where('id', '=', id).executeTakeFirst()
    if (!poll) return undefined
    return pollCard(await readPoll(ctx.db, { poll, token: await tokenOf(ctx, await nomicById(ctx.db, poll.dao_id)) }))
  },
}

async function read(_: Context, trx: Trx, id: string, token: Token): Promise<Shown> {
  const poll = await trx.selectFrom('poll').selectAll().where('id', '=', id).forUpdate().executeTakeFirstOrThrow()
  const record = await readPoll(trx, { poll, token })
  const isStanding = !poll.orphaned_at && poll.state !== 'withdrawn'
  const isOpen = isStanding && open.includes(poll.state)
  const card = pollCard(record)
  return {
    daoId: poll.dao_id,
    createdAt: poll.created_at,
    isOpen,
    // One that is over before a channel heard of the DAO is known, not told.
    isNews: isStanding && (isOpen || !poll.is_history),
    card: () => card,
    notes: [
      {
        key: 'result',
        setting: 'result',
        view: pollResult(record),
        happenedAt: poll.closed_at?.getTime() ?? 0,
        noticedAt: poll.closed_at ?? poll.created_at,
        holds: isStanding && poll.closed_at !== null,
      },
    ],
  }
}

const pollsIn = (ctx: Pick<Context, 'db'>, { daoIds }: Scope) =>
  ctx.db
    .selectFrom('poll')
    .selectAll()
    .where('orphaned_at', 'is', null)
    .where('dao_id', 'in', ['0', ...daoIds])

async function lineOf(ctx: Context, poll: PollRow): Promise<DecisionLine> {
  const record = await readPoll(ctx.db, { poll, token: await tokenOf(ctx, await nomicById(ctx.db, poll.dao_id)) })
  const { dao, paper } = record
  return {
    kind: 'poll',
    id: poll.id,
    ref: poll.ref,
    title: poll.title,
    dao: { id: dao.id, name: dao.name },
    isOpen: poll.state === 'open',
    endsAt: Number(paper.closes),
    createdAt: poll.created_at,
    item: pollLine(record),
    line: `poll ${poll.ref}`,
  }
}
