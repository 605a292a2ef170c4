import type { Context } from '../context.ts'
import type { DaoRow } from '../db/tables/governance.ts'
import { readRecord, unitsOf, type ProposalRecord } from '../governance/record.ts'
import { supplyOf, tokenOf, type Token } from '../chain/token.ts'
import type { Channel } from '../platform.ts'
import type { SectionName } from '../db/tables/digest.ts'

/** Everything that a digest says, by rows; `more` counts what was left out. */
export type DigestFacts = {
  daos: DaoRow[]
  due: { record: ProposalRecord; isNew: boolean }[]
  decided: ProposalRecord[]
  power: MovedPower[]
  more: { due: number; decided: number }
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

const mostVotes = 10
const mostMoves = 5

export async function readDigest(ctx: Context, asked: Asked): Promise<DigestFacts> {
  const daos = await daosOf(ctx, asked)
  const { sections } = asked
  const [due, decided, power] = await Promise.all([
    sections.includes('due') ? dueIn(ctx, daos) : [],
    sections.includes('decided') ? decidedIn(ctx, daos, asked) : [],
    sections.includes('power') ? movedIn(ctx, daos, asked) : [],
  ])
  const records = async (ids: readonly string[]): Promise<ProposalRecord[]> =>
    await Promise.all(ids.slice(0, mostVotes).map((id) => recordOf(ctx, { id, channel: asked.channel, daos })))
  const [open, over] = await Promise.all([records(due), records(decided)])
  return {
    daos,
    due: open.map((record) => ({ record, isNew: record.proposal.created_at > asked.since })),
    decided: over,
    power,
    more: { due: Math.max(0, due.length - mostVotes), decided: Math.max(0, decided.length - mostVotes) },
  }
}

export const isEmpty = ({ due, decided, power }: DigestFacts): boolean =>
  due.length + decided.length + power.length === 0

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

async function recordOf(
  ctx: Context,
  { id, channel, daos }: { id: string; channel: Channel; daos: readonly DaoRow[] },
): Promise<ProposalRecord> {
  const { dao_id } = await ctx.db.selectFrom('proposal').select('dao_id').where('id', '=', id).executeTakeFirstOrThrow()
  const dao = daos.find((each) => each.id === dao_id)
  if (!dao) throw new Error(`the proposal ${id} is of no DAO of this digest`)
  return await readRecord(ctx.db, { id, units: await unitsOf(ctx, { dao }), channel })
}

const proposalsIn = (ctx: Pick<Context, 'db'>, daos: readonly DaoRow[]) =>
  ctx.db
    .selectFrom('proposal')
    .where('proposal.orphaned_at', 'is', null)
    .where('proposal.dao_id', 'in', ['0', ...daos.map(({ id }) => id)])

/** What can be voted on, the soonest end first, then what opens next. */
async function dueIn(ctx: Pick<Context, 'db'>, daos: readonly DaoRow[]): Promise<string[]> {
  const rows = await proposalsIn(ctx, daos)
    .select('proposal.id')
    .where('proposal.state', 'in', ['active', 'pending'])
    .orderBy((eb) => eb.case().when('proposal.state', '=', 'active').then(0).else(1).end())
    .orderBy('proposal.deadline')
    .orderBy('proposal.id')
    .execute()
  return rows.map(({ id }) => id)
}

/** Votes whose result was noticed in that time. */
async function decidedIn(
  ctx: Pick<Context, 'db'>,
  daos: readonly DaoRow[],
  { since, until }: Asked,
): Promise<string[]> {
  const rows = await proposalsIn(ctx, daos)
    .innerJoin('life_event', 'life_event.proposal_id', 'proposal.id')
    .select('proposal.id')
    .where('life_event.event', '=', 'result')
    .where('life_event.noticed_at', '>', since)
    .where('life_event.noticed_at', '<=', until)
    .where('proposal.state', 'not in', ['active', 'pending'])
    .orderBy('life_event.happened_at', 'desc')
    .execute()
  return rows.map(({ id }) => id)
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
