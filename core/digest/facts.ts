import { openDecisions, type DecisionLine, type Scope } from '../chat/decision.ts'
import type { Context } from '../context.ts'
import type { DaoRow } from '../db/tables/governance.ts'
import { supplyOf, tokenOf, type Token } from '../chain/token.ts'
import type { Channel } from '../platform.ts'
import type { SectionName } from '../db/tables/digest.ts'
import type { Inline } from '../view.ts'

/** One decision or task in a digest. */
export type DigestLine = { ref: string; line: string; isNew: boolean; words: Inline[]; label?: string | undefined }

/** Everything that a digest says, by rows; `more` counts what was left out. */
export type DigestFacts = {
  daos: DaoRow[]
  due: DigestLine[]
  decided: DigestLine[]
  tasks: DigestLine[]
  power: MovedPower[]
  more: { due: number; decided: number; tasks: number }
}
export type MovedPower = {
  dao: DaoRow
  token: Token
  supply: bigint
  quorum: bigint | undefined
  moves: { delegate: string; moved: bigint; current: bigint }[]
}

type Asked = {
  channel: Channel
  /** Null is every DAO that the channel hears of. */
  daos: readonly string[] | null
  sections: readonly SectionName[]
  since: Date
  until: Date
}

const mostLines = 10
const mostMoves = 5

export async function readDigest(ctx: Context, asked: Asked): Promise<DigestFacts> {
  const daos = await daosOf(ctx, asked)
  const { channel, sections, since, until } = asked
  const scope = { daoIds: daos.map(({ id }) => id), channel }
  const { decisions } = ctx.kinds
  const [due, decided, tasks, power] = await Promise.all([
    sections.includes('due') ? votesDue(ctx, scope) : [],
    sections.includes('decided')
      ? Promise.all(decisions.map((kind) => kind.decided(ctx, { ...scope, since, until })))
      : [],
    sections.includes('tasks')
      ? Promise.all(decisions.flatMap((kind) => (kind.tasks ? [kind.tasks(ctx, scope)] : [])))
      : [],
    sections.includes('power') ? movedIn(ctx, daos, asked) : [],
  ])
  const lists = { due, decided: decided.flat(), tasks: tasks.flat() }
  const lines = async (list: readonly DecisionLine[]): Promise<DigestLine[]> =>
    await Promise.all(list.slice(0, mostLines).map((each) => digestLine(each, since)))
  const left = (list: readonly unknown[]): number => Math.max(0, list.length - mostLines)
  return {
    daos,
    due: await lines(lists.due),
    decided: (await lines(lists.decided)).map((line) => ({ ...line, isNew: false })),
    tasks: await lines(lists.tasks),
    power,
    more: { due: left(lists.due), decided: left(lists.decided), tasks: left(lists.tasks) },
  }
}

/** What people take part in by work and money is no vote that is due: it stands with the tasks. */
async function votesDue(ctx: Context, scope: Scope): Promise<DecisionLine[]> {
  const votes = new Set(ctx.kinds.decisions.filter(({ isVote }) => isVote).map(({ name }) => name))
  return (await openDecisions(ctx, scope)).filter(({ kind }) => votes.has(kind))
}

async function digestLine(each: DecisionLine, since: Date): Promise<DigestLine> {
  const { ref, line, createdAt, item } = each
  const { words, label } = (await each.digest?.()) ?? { words: item }
  return { ref, line, isNew: createdAt > since, words, label }
}

export const isEmpty = ({ due, decided, tasks, power }: DigestFacts): boolean =>
  due.length + decided.length + tasks.length + power.length === 0

async function daosOf(ctx: Pick<Context, 'db'>, { channel, daos }: Asked): Promise<DaoRow[]> {
  const all = ctx.db.selectFrom('dao').selectAll().orderBy('slug')
  if (daos) return await all.where('id', 'in', ['0', ...daos]).execute()
  const here = ctx.db
    .selectFrom('subscription')
    .select('dao_id')
    .where('platform', '=', channel.platform)
    .where('channel', '=', channel.id)
  return await all.where('id', 'in', here).execute()
}

/** The biggest moves of each DAO's votes, all in all. */
async function movedIn(ctx: Context, daos: readonly DaoRow[], { since, until }: Asked): Promise<MovedPower[]> {
  const found = await Promise.all(
    daos.map(async (dao) => {
      if (dao.token === null) return []
      const rows = await ctx.db
        .selectFrom('power_move')
        .select(['delegate', 'previous', 'current'])
        .where('chain_id', '=', dao.chain_id)
        .where('token', '=', dao.token.toLowerCase())
        .where('orphaned_at', 'is', null)
        .where('noticed_at', '>', since)
        .where('noticed_at', '<=', until)
        .orderBy('block_number')
        .orderBy('log_index')
        .execute()
      const moves = [...Map.groupBy(rows, ({ delegate }) => delegate)]
        .map(([delegate, steps]) => {
          const current = BigInt(steps.at(-1)?.current ?? 0)
          return { delegate, moved: current - BigInt(steps[0]?.previous ?? 0), current }
        })
        .filter(({ moved }) => moved !== 0n)
        .toSorted((a, b) => Number(size(b.moved) - size(a.moved)))
        .slice(0, mostMoves)
      if (moves.length === 0) return []
      return [
        {
          dao,
          moves,
          token: await tokenOf(ctx, dao),
          supply: await supplyOf(ctx, dao),
          quorum: await quorumOf(ctx, dao),
        },
      ]
    }),
  )
  return found.flat()
}

const size = (moved: bigint): bigint => (moved < 0n ? -moved : moved)

async function quorumOf(ctx: Pick<Context, 'db'>, dao: DaoRow): Promise<bigint | undefined> {
  const newest = await ctx.db
    .selectFrom('proposal')
    .select('quorum')
    .where('dao_id', '=', dao.id)
    .where('quorum', 'is not', null)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return newest?.quorum ? BigInt(newest.quorum) : undefined
}
