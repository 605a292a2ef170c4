import { encodeFunctionData, type Abi, type Address } from 'viem'
import { polls as contract } from '../../contracts/generated.ts'
import { sendIntent } from '../relay/lane.ts'
import type { Context, Trx } from '../context.ts'
import type { PaperRow, PollRow, PollState } from '../db/tables/polls.ts'
import { RetryableError } from '../errors.ts'
import { readCursor } from '../listen/cursor.ts'
import { askAt, type Block, type Question } from '../chain/ask-at.ts'
import { nomicById } from '../nomic/contracts.ts'
import type { Verdict } from '../db/tables/polls.ts'
import { announcePoll, lookAtPolls } from './jobs.ts'

/** A poll that is over is looked at for a while, because a reorg may take that back. */
const settleSeconds = 86_400n
const mostMs = 3_600_000
const leastMs = 2_000
/** Seats that one transaction weighs after the close. */
const seatsAtOnce = 400n

const verdicts: readonly Verdict[] = ['elected', 'no votes', 'too few votes', 'tie', 'no majority']

type Found = Pick<PollRow, 'state' | 'participating' | 'abstained' | 'winner' | 'verdict'> & {
  votes: string[]
  rounds: string[][] | null
}
type Look = { paper: PaperRow; rows: PollRow[]; isWeighed: boolean; found: Found[] }

/**
 * Asks the polls how they stand at the block of the cursor, writes what changed and has it shown. It goes by the contract
 * alone, so it may run at any time; opening and close are looked at when their time comes.
 */
export async function lookAtDaoPolls(ctx: Context, { daoId }: { daoId: string }): Promise<void> {
  const dao = await nomicById(ctx.db, daoId)
  const block = await readCursor(ctx)
  if (!block || !dao.polls) return
  const papers = await livePapers(ctx, daoId)
  const looks: Look[] = []
  let now = 0n
  for (const paper of papers) {
    const look = await askPaper(ctx, { to: dao.polls, block, paper })
    now = look.time
    looks.push(look)
  }
  await ctx.db.transaction().execute(async (trx) => {
    for (const look of looks) await write(ctx, trx, { look, now, block })
    await showGone(ctx, trx, daoId)
  })
  for (const { paper, found, isWeighed } of looks)
    if (found.some(({ state }) => state === 'weighing') && !isWeighed)
      await weigh(ctx, { daoId, to: dao.polls, paper: paper.number })
  const next = looks.flatMap(({ paper }) => [BigInt(paper.opens) + 1n, BigInt(paper.closes) + 1n])
  const due = next.filter((time) => time > now)
  if (due.length === 0) return
  const least = due.reduce((a, b) => (a < b ? a : b))
  const afterMs = Math.min(mostMs, Math.max(leastMs, Number(least - now) * 1_000))
  await ctx.queue.send(ctx.db, lookAtPolls, { daoId }, { key: daoId, afterMs })
}

/** Those that may still change. */
const livePapers = (ctx: Pick<Context, 'db'>, daoId: string): Promise<PaperRow[]> =>
  ctx.db
    .selectFrom('paper')
    .selectAll()
    .where('dao_id', '=', daoId)
    .where((eb) =>
      eb.or([
        eb('checked_at', 'is', null),
        eb(eb.ref('closes'), '>', eb(eb.ref('checked_at'), '-', settleSeconds.toString())),
        eb.and([eb('is_at_close', '=', true), eb('is_weighed', '=', false)]),
      ]),
    )
    .orderBy('number')
    .execute()

async function askPaper(
  ctx: Context,
  { to, block, paper }: { to: Address; block: Block; paper: PaperRow },
): Promise<Look & { time: bigint }> {
  const rows = await ctx.db
    .selectFrom('poll')
    .selectAll()
    .where('dao_id', '=', paper.dao_id)
    .where('paper', '=', paper.number)
    .where('orphaned_at', 'is', null)
    .orderBy('number')
    .execute()
  const question = (name: string, number: number): Question => ({
    to,
    abi: contract.abi as Abi,
    name,
    args: [BigInt(number)],
  })
  const asked = ['tally', 'outcome', 'runOff']
  const { answers, time } = await askAt(ctx, block, [
    question('paperRecord', paper.number),
    ...rows.flatMap(({ number }) => asked.map((name) => question(name, number))),
  ])
  const record = answers[0] as { isWeighed: boolean } | undefined
  if (rows.length > 0 && record === undefined) throw new RetryableError('The polls do not answer.')
  const isWeighed = record?.isWeighed === true
  const found = rows.map((row, at) => foundOf(row, { paper, isWeighed, time, answers: answers.slice(1 + at * 3) }))
  return { paper, rows, isWeighed, found, time }
}

function foundOf(
  row: PollRow,
  { paper, isWeighed, time, answers }: { paper: PaperRow; isWeighed: boolean; time: bigint; answers: unknown[] },
): Found {
  const [tally, outcome, runOff] = answers as [
    [bigint[], bigint, bigint] | undefined,
    [bigint, number, boolean] | undefined,
    [bigint, bigint[][]] | undefined,
  ]
  if (!tally || !outcome) throw new RetryableError('A poll does not answer.')
  return {
    state: pollState(row, { paper, isWeighed, time }),
    votes: tally[0].map(String),
    participating: tally[1].toString(),
    abstained: tally[2].toString(),
    winner: Number(outcome[0]),
    verdict: verdicts[outcome[1]] ?? null,
    rounds: row.kind === 'ranked' && runOff ? runOff[1].map((round) => round.map(String)) : null,
  }
}

function pollState(
  poll: Pick<PollRow, 'is_withdrawn'>,
  {
    paper,
    isWeighed,
    time,
  }: { paper: Pick<PaperRow, 'opens' | 'closes' | 'is_at_close'>; isWeighed: boolean; time: bigint },
): PollState {
  if (poll.is_withdrawn) return 'withdrawn'
  if (time <= BigInt(paper.opens)) return 'upcoming'
  if (time <= BigInt(paper.closes)) return 'open'
  return paper.is_at_close && !isWeighed ? 'weighing' : 'closed'
}

async function write(
  ctx: Context,
  trx: Trx,
  { look, now, block }: { look: Look; now: bigint; block: Block },
): Promise<void> {
  const { paper, rows, found, isWeighed } = look
  await trx
    .updateTable('paper')
    .set({ is_weighed: isWeighed, checked_at: now.toString(), block_number: block.number.toString() })
    .where('dao_id', '=', paper.dao_id)
    .where('number', '=', paper.number)
    .execute()
  for (const [at, row] of rows.entries()) {
    const { votes, rounds, ...rest } = found[at]!
    const isClosed = rest.state === 'closed'
    const isNew = paper.checked_at === null
    const changed = (['state', 'participating', 'abstained', 'winner', 'verdict'] as const).some(
      (name) => row[name] !== rest[name],
    )
    if (!isNew && !changed && JSON.stringify(row.votes) === JSON.stringify(votes)) continue
    await trx
      .updateTable('poll')
      .set({
        ...rest,
        votes: JSON.stringify(votes),
        rounds: rounds === null ? null : JSON.stringify(rounds),
        closed_at: isClosed ? (row.closed_at ?? new Date(Number(paper.closes) * 1_000)) : null,
      })
      .where('id', '=', row.id)
      .execute()
    // What was found while the DAO was added is not told before it goes on.
    if (isNew && row.is_history) continue
    await ctx.queue.send(trx, announcePoll, { pollId: row.id }, { key: row.id })
  }
}

/** Those that are taken back by a reorg say so. */
async function showGone(ctx: Context, trx: Trx, daoId: string): Promise<void> {
  const gone = await trx
    .selectFrom('poll')
    .select('id')
    .where('dao_id', '=', daoId)
    .where('orphaned_at', 'is not', null)
    .execute()
  for (const { id } of gone) await ctx.queue.send(trx, announcePoll, { pollId: id }, { key: id })
}

/** Anybody may; the relayer does, a part at a time. What it logs leads to the next look, and so to the next part. */
async function weigh(ctx: Context, { daoId, to, paper }: { daoId: string; to: Address; paper: number }): Promise<void> {
  if (!ctx.chain.relayer) return
  const data = encodeFunctionData({ abi: contract.abi, functionName: 'weigh', args: [BigInt(paper), seatsAtOnce] })
  const underWay = await ctx.db
    .selectFrom('intent')
    .select('id')
    .where('purpose', '=', 'papers')
    .where('to', '=', to)
    .where('data', '=', data)
    .where('state', '=', 'open')
    .executeTakeFirst()
  if (!underWay) await sendIntent(ctx, { purpose: 'papers', daoId, to, data })
}
