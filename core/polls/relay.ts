import { polls as contract } from '../../contracts/generated.ts'
import { refusalOf } from '../chain/refusal.ts'
import { gasFor } from '../relay/fees.ts'
import { sendIntent } from '../relay/lane.ts'
import type { Context, Trx } from '../context.ts'
import type { PaperBallotRow, PaperRefusal } from '../db/tables/polls.ts'
import { RetryableError } from '../errors.ts'
import { ask, isRevert } from '../chain/ask.ts'
import { moveStep } from '../nomic/accept.ts'
import { nomicById } from '../nomic/contracts.ts'
import { markBits } from '../voting/paper.ts'
import { relayPapers } from './jobs.ts'
import { judgePapers } from './outcome.ts'
import { readPaper, type Paper } from './paper.ts'
import { batchCall, inOrder, packPapers, reasonOf, singleCall } from './wire.ts'

const atOnce = 1_000

/**
 * Sends the waiting papers of a DAO in as few transactions as may be. Run twice at once it still sends each once, because a
 * paper is claimed in the transaction that gives its batch a nonce.
 */
export async function relayWaitingPapers(ctx: Context, { daoId }: { daoId: string }): Promise<void> {
  if (!ctx.chain.relayer) return
  const dao = await nomicById(ctx.db, daoId)
  if (dao.chain_id !== ctx.chain.id) return
  const rows = await ctx.db
    .selectFrom('paper_ballot')
    .selectAll()
    .where('dao_id', '=', daoId)
    .where('state', '=', 'accepted')
    .orderBy('tries')
    .orderBy('accepted_at')
    .limit(atOnce)
    .execute()
  // One paper's trouble must not hold the others back.
  const faults: unknown[] = []
  for (const number of new Set(rows.map(({ paper }) => paper))) {
    const paper = await readPaper(ctx, dao, number)
    for (const group of groupsOf(
      ctx,
      rows.filter((row) => row.paper === number),
    ))
      await relayGroup(ctx, { daoId, paper, rows: group }).catch((error: unknown) => {
        faults.push(error)
      })
  }
  if (rows.length === atOnce) await ctx.queue.send(ctx.db, relayPapers, { daoId }, { key: daoId })
  if (faults.length > 0) throw faults[0]
}

/** Contract wallets go alone; what went out in vain goes out again in halves, until the one that spoils it is alone. */
function groupsOf(ctx: Context, rows: readonly PaperBallotRow[]): PaperBallotRow[][] {
  const groups: PaperBallotRow[][] = rows.filter(({ signer }) => signer === 'contract').map((row) => [row])
  let last: PaperBallotRow[] | undefined
  for (const row of rows.filter(({ signer }) => signer === 'key')) {
    const most = Math.max(1, ctx.config.RELAY_BATCH_SIZE >> row.tries)
    if (last && last[0]?.tries === row.tries && last.length < most) last.push(row)
    else groups.push((last = [row]))
  }
  return groups
}

type Group = { daoId: string; paper: Paper; rows: readonly PaperBallotRow[] }

async function relayGroup(ctx: Context, { daoId, paper, rows }: Group): Promise<void> {
  const { timestamp } = await ask(() => ctx.chain.client.getBlock())
  // Nothing of a closed paper counts any more, and the contract would only revert.
  const isClosed = timestamp > BigInt(paper.row.closes)
  const whys = isClosed ? allClosed(rows) : await reasonsOf(ctx, paper, rows)
  await judgePapers(ctx, { paper, rows: rows.filter(({ id }) => whys.has(id)), receipt: undefined, whys })
  const good = inOrder(rows.filter(({ id }) => !whys.has(id)))
  const [first] = good
  if (!first) return
  const data =
    first.signer === 'contract' ? singleCall(first) : batchCall(paper.row.number, good, markBits(paper.polls))
  try {
    await sendIntent(ctx, {
      purpose: 'papers',
      daoId,
      to: paper.to,
      data,
      gas: await gasFor(ctx, { to: paper.to, data }),
      within: (trx, intentId) => claim(ctx, trx, { ids: good.map(({ id }) => id), intentId }),
    })
  } catch (error) {
    if (!(error instanceof Overtaken)) throw error
    await ctx.queue.send(ctx.db, relayPapers, { daoId }, { key: daoId })
  }
}

const allClosed = (rows: readonly PaperBallotRow[]): Map<string, PaperRefusal> =>
  new Map(rows.map(({ id }) => [id, 'closed']))

/** Which of them the contract would not count now, and why. */
async function reasonsOf(
  ctx: Context,
  paper: Paper,
  rows: readonly PaperBallotRow[],
): Promise<Map<string, PaperRefusal>> {
  const [first] = rows
  if (!first) return new Map()
  if (first.signer === 'contract')
    return (await isTaken(ctx, paper, singleCall(first))) ? new Map() : new Map([[first.id, 'signature']])
  const ordered = inOrder(rows)
  try {
    const answer = await ask(() =>
      ctx.chain.client.readContract({
        abi: contract.abi,
        address: paper.to,
        functionName: 'check',
        args: [BigInt(paper.row.number), packPapers(ordered, markBits(paper.polls))],
      }),
    )
    return new Map(
      ordered.flatMap(({ id }, at) => {
        const why = reasonOf(Number(`0x${answer.slice(2 + at * 2, 4 + at * 2)}`))
        return why ? [[id, why] as const] : []
      }),
    )
  } catch (cause) {
    // A node may refuse to run so much at once; then it is asked in halves.
    if (!isRevert(cause)) throw cause
    if (ordered.length === 1) throw new RetryableError('The dry run of a paper fails.', { cause })
    const middle = Math.ceil(ordered.length / 2)
    return new Map([
      ...(await reasonsOf(ctx, paper, ordered.slice(0, middle))),
      ...(await reasonsOf(ctx, paper, ordered.slice(middle))),
    ])
  }
}

async function isTaken(ctx: Context, { to }: Paper, data: `0x${string}`): Promise<boolean> {
  try {
    await ctx.chain.client.call({ to, data })
    return true
  } catch (error) {
    if (refusalOf(error) !== undefined) return false
    throw new RetryableError('The chain does not answer.', { cause: error })
  }
}

/** Another relayer was faster, or a newer paper took the place of one: the batch is made anew. */
class Overtaken extends Error {}

async function claim(
  ctx: Context,
  trx: Trx,
  { ids, intentId }: { ids: readonly string[]; intentId: string },
): Promise<void> {
  // In one order everywhere, so that nobody waits for one another.
  const waiting = await trx
    .selectFrom('paper_ballot')
    .select(['id', 'action_id', 'step'])
    .where('id', 'in', ids)
    .where('state', '=', 'accepted')
    .orderBy('id')
    .forUpdate()
    .execute()
  if (waiting.length !== ids.length) throw new Overtaken()
  await trx.updateTable('paper_ballot').set({ state: 'batched', intent_id: intentId }).where('id', 'in', ids).execute()
  for (const row of waiting) await moveStep(ctx, trx, row, { state: 'sent', intent_id: intentId })
}
