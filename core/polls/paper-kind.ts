import { sql } from 'kysely'
import { polls as contract } from '../../contracts/generated.ts'
import { showSignedStep } from '../actions/step.ts'
import { ask } from '../chain/ask.ts'
import { isTaken } from '../chain/refusal.ts'
import type { Context } from '../context.ts'
import type { PaperBallotRow, PaperRefusal } from '../db/tables/polls.ts'
import { nomicById } from '../nomic/contracts.ts'
import { holdsFinally } from '../relay/finality.ts'
import { countedHere, tryAgain, type Change, type Lot, type SignedKind } from '../relay/signed.ts'
import { markBits, readMark } from '../voting/paper.ts'
import { lookAtPolls, relayPapers } from './jobs.ts'
import { holderOf, isHolder, markOf, readPaper, type Paper } from './paper.ts'
import { paperRefusal, paperWords } from './refusal.ts'
import { batchCall, countedIn, inOrder, keyOf, packPapers, reasonOf, singleCall } from './wire.ts'

/** A ballot paper: one signature answers all polls on it, and the newest of a seat counts until they close. */
export const paperKind: SignedKind<PaperBallotRow, Paper> = {
  name: 'paper',
  plural: 'papers',
  table: 'paper_ballot',
  purpose: 'papers',
  job: relayPapers,
  jobKey: (daoId) => daoId,
  daoId: sql<string>`paper_ballot.dao_id`,
  slot: { columns: ['dao_id', 'paper', 'seat'], order: 'sequence' },
  isReplaceable: () => true,
  deadline: {
    at: sql<string>`(
      select paper.closes from paper where paper.dao_id = paper_ballot.dao_id and paper.number = paper_ballot.paper
    )`,
    now: (ctx) => chainTime(ctx),
    ours: (ctx) => Promise.resolve(BigInt(Math.floor(ctx.now() / 1_000))),
  },
  lots,
  sendsContractsAlone: true,
  dryRun,
  encode(_, { on, rows }) {
    const [first] = rows
    if (!first) return []
    const data = first.signer === 'contract' ? singleCall(first) : batchCall(on.row.number, rows, markBits(on.polls))
    return [{ to: on.to, data, ids: rows.map(({ id }) => id) }]
  },
  async reconcile(ctx, { on, rows, receipt, refusals }) {
    const where = { to: on.to, paper: on.row.number, bits: markBits(on.polls) }
    const counted = receipt ? countedIn(receipt, where) : new Map<string, bigint>()
    const changes = new Map<string, Change>()
    for (const row of rows) {
      const weight = counted.get(keyOf(row))
      if (receipt && weight !== undefined) changes.set(row.id, { ...countedHere(receipt), weight: weight.toString() })
      else {
        const code = (receipt ? undefined : refusals.get(row.id)) ?? 'unknown'
        const isTry = receipt !== undefined || row.state === 'accepted'
        changes.set(row.id, (await changeByMark(ctx, on, row)) ?? tryAgain(row, { isTry, receipt, code }))
      }
    }
    return changes
  },
  undone: { state: 'batched', weight: null, block_number: null, block_hash: null, tx_hash: null },
  /** Seats were weighed after the close, and perhaps more are to be. */
  async settledAlone(ctx, { dao_id: daoId }) {
    if (daoId !== null) await ctx.queue.send(ctx.db, lookAtPolls, { daoId }, { key: daoId })
  },
  refusal: (code) => paperRefusal(code as PaperRefusal),
  show: (ctx, trx, row, { delayed } = { delayed: false }) =>
    showSignedStep(ctx, trx, row, { words: (code) => paperWords[code as PaperRefusal], delayed }),
  tellsReplaced: false,
}

const chainTime = async (ctx: Pick<Context, 'chain'>): Promise<bigint> =>
  (await ask(() => ctx.chain.client.getBlock())).timestamp

async function lots(
  ctx: Context,
  { daoId, rows }: { daoId: string; rows: readonly PaperBallotRow[] },
): Promise<Lot<PaperBallotRow, Paper>[]> {
  const dao = await nomicById(ctx.db, daoId)
  if (dao.chain_id !== ctx.chain.id) return []
  return await Promise.all(
    [...Map.groupBy(rows, ({ paper }) => paper)].map(async ([number, group]) => ({
      on: await readPaper(ctx, dao, number),
      rows: group,
    })),
  )
}

async function dryRun(ctx: Context, { on, rows }: Lot<PaperBallotRow, Paper>): Promise<Map<string, PaperRefusal>> {
  const [first] = rows
  if (!first) return new Map()
  // Nothing of a closed paper counts any more, and the contract would only revert.
  if ((await chainTime(ctx)) > BigInt(on.row.closes)) return new Map(rows.map(({ id }) => [id, 'closed']))
  if (first.signer === 'contract')
    return (await isTaken(ctx, { to: on.to, data: singleCall(first) })) ? new Map() : new Map([[first.id, 'signature']])
  const ordered = inOrder(rows)
  const answer = await ask(() =>
    ctx.chain.client.readContract({
      abi: contract.abi,
      address: on.to,
      functionName: 'check',
      args: [BigInt(on.row.number), packPapers(ordered, markBits(on.polls))],
    }),
  )
  return new Map(
    ordered.flatMap(({ id }, at) => {
      const why = reasonOf(Number(`0x${answer.slice(2 + at * 2, 4 + at * 2)}`))
      return why ? [[id, why] as const] : []
    }),
  )
}

/** By the mark that counts for its seat now; undefined when it still could count. */
async function changeByMark(ctx: Context, on: Paper, row: PaperBallotRow): Promise<Change | undefined> {
  const mark = await markOf(ctx, on, row.seat)
  // Anybody may relay; but other answers under the same number are another paper.
  if (mark === BigInt(row.mark)) {
    const isFinal = await holdsFinally(ctx, async (block) => (await markOf(ctx, on, row.seat, block)) === mark)
    return isFinal
      ? { state: 'final', reason_code: null, final_at: row.final_at ?? new Date(ctx.now()) }
      : { state: 'counted', reason_code: null }
  }
  if (readMark(on.polls, mark).sequence >= row.sequence) return { state: 'superseded', reason_code: null }
  if (!isHolder(await holderOf(ctx, on.to, row.seat), row.voter as `0x${string}`))
    return { state: 'refused', reason_code: 'seat' }
  if ((await chainTime(ctx)) > BigInt(on.row.closes)) return { state: 'refused', reason_code: 'closed' }
  return undefined
}
