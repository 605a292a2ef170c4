import type { TransactionReceipt } from 'viem'
import type { Settled } from '../relay/settle.ts'
import type { Context, Trx } from '../context.ts'
import type { ActionStepRow } from '../db/tables/actions.ts'
import type { PaperBallotRow, PaperRefusal } from '../db/tables/polls.ts'
import { ask } from '../chain/ask.ts'
import { moveStep } from '../nomic/accept.ts'
import { nomicById } from '../nomic/contracts.ts'
import { markBits, readMark } from '../voting/paper.ts'
import { lookAtPolls, relayPapers } from './jobs.ts'
import { holderOf, isHolder, markOf, readPaper, type Paper } from './paper.ts'
import { paperWords } from './refusal.ts'
import { countedIn, keyOf } from './wire.ts'

/** After so many transactions in vain a paper is given up, because each of them costs gas. */
const mostTries = { success: 3, reverted: 10 }

type Change = Partial<
  Pick<
    PaperBallotRow,
    'state' | 'reason_code' | 'tries' | 'intent_id' | 'weight' | 'block_number' | 'block_hash' | 'tx_hash' | 'final_at'
  >
>

/** What a transaction's fate means for the papers in it. The contract's word decides, never the receipt alone. */
export async function papersSettled(ctx: Context, { intent, event, receipt }: Settled): Promise<void> {
  const rows = await ctx.db.selectFrom('paper_ballot').selectAll().where('intent_id', '=', intent.id).execute()
  const [first] = rows
  if (!first) {
    // Seats were weighed after the close, and perhaps more are to be.
    if (event === 'mined' && intent.dao_id !== null)
      await ctx.queue.send(ctx.db, lookAtPolls, { daoId: intent.dao_id }, { key: intent.dao_id })
    return
  }
  if (event === 'final') {
    const counted = rows.filter(({ state, block_hash }) => state === 'counted' && block_hash === receipt?.blockHash)
    for (const row of counted) await apply(ctx, row, { state: 'final', final_at: new Date(ctx.now()) })
    return
  }
  if (event === 'undone') {
    const back = { state: 'batched', weight: null, block_number: null, block_hash: null, tx_hash: null } as const
    for (const row of rows.filter(({ state }) => state === 'counted' || state === 'superseded'))
      await apply(ctx, row, back)
    return
  }
  const paper = await readPaper(ctx, await nomicById(ctx.db, first.dao_id), first.paper)
  await judgePapers(ctx, { paper, rows, receipt })
}

/**
 * Asks the contract what became of papers and writes that down. `receipt` is the transaction that carried them; without one
 * the contract's state alone decides, and `whys` is what its dry run had against them. It may be asked again at any time.
 */
export async function judgePapers(
  ctx: Context,
  params: {
    paper: Paper
    rows: readonly PaperBallotRow[]
    receipt: TransactionReceipt | undefined
    whys?: ReadonlyMap<string, PaperRefusal>
  },
): Promise<void> {
  const { paper, rows, receipt, whys } = params
  const where = { to: paper.to, paper: paper.row.number, bits: markBits(paper.polls) }
  const counted = receipt ? countedIn(receipt, where) : new Map<string, bigint>()
  for (const row of rows.toSorted((a, b) => (a.id < b.id ? -1 : 1))) {
    const weight = counted.get(keyOf(row))
    const change =
      receipt && weight !== undefined
        ? countedHere(receipt, weight)
        : await changeFor(ctx, { paper, row, receipt, why: whys?.get(row.id) })
    await apply(ctx, row, change)
  }
}

const countedHere = (receipt: TransactionReceipt, weight: bigint): Change => ({
  state: 'counted',
  reason_code: null,
  weight: weight.toString(),
  block_number: receipt.blockNumber.toString(),
  block_hash: receipt.blockHash,
  tx_hash: receipt.transactionHash,
})

/** Not counted by a transaction of ours, as far as is known. */
async function changeFor(
  ctx: Context,
  params: {
    paper: Paper
    row: PaperBallotRow
    receipt: TransactionReceipt | undefined
    why: PaperRefusal | undefined
  },
): Promise<Change> {
  const { paper, row, receipt, why } = params
  const mark = await markOf(ctx, paper, row.seat)
  // Anybody may relay; but other answers under the same number are another paper.
  if (mark === BigInt(row.mark)) return { state: 'counted', reason_code: null }
  if (readMark(paper.polls, mark).sequence >= row.sequence) return { state: 'superseded', reason_code: null }
  if (!isHolder(await holderOf(ctx, paper.to, row.seat), row.voter as `0x${string}`))
    return { state: 'refused', reason_code: 'seat' }
  const { timestamp } = await ask(() => ctx.chain.client.getBlock())
  if (timestamp > BigInt(paper.row.closes)) return { state: 'refused', reason_code: 'closed' }
  return againAs(row, receipt, why)
}

/** Not counted, and it still can be: what was accepted is a promise, so it goes out again. */
function againAs(row: PaperBallotRow, receipt: TransactionReceipt | undefined, why: PaperRefusal | undefined): Change {
  const isTry = receipt !== undefined || row.state === 'accepted'
  const tries = isTry ? row.tries + 1 : row.tries
  if (!receipt && tries >= mostTries.success) return { state: 'refused', reason_code: why ?? 'unknown', tries }
  if (receipt && tries >= mostTries[receipt.status]) return { state: 'refused', reason_code: 'unknown', tries }
  return { state: 'accepted', intent_id: null, block_number: null, block_hash: null, tx_hash: null, tries }
}

/** Only from the state that was looked at: whatever happened meanwhile will be looked at anew. */
async function apply(ctx: Context, row: PaperBallotRow, change: Change): Promise<void> {
  const isNews = Object.entries(change).some(([name, value]) => row[name as keyof PaperBallotRow] !== value)
  if (!isNews) return
  await ctx.db.transaction().execute(async (trx) => {
    const isTaken = change.state === 'accepted' && (await hasTwin(trx, row))
    const changed = await trx
      .updateTable('paper_ballot')
      .set(isTaken ? { state: 'superseded' as const } : change)
      .where('id', '=', row.id)
      .where('state', '=', row.state)
      .where('intent_id', 'is not distinct from', row.intent_id)
      .returningAll()
      .executeTakeFirst()
    if (!changed) return
    if (changed.state === 'accepted')
      await ctx.queue.send(trx, relayPapers, { daoId: row.dao_id }, { key: row.dao_id, afterMs: row.tries * 1_000 })
    await moveStep(ctx, trx, changed, stepOf(changed))
    if (changed.state === 'counted') await replaceOlder(trx, changed)
  })
}

/** The wallet has signed anew since; only one of the two can count. */
const hasTwin = async (trx: Trx, row: PaperBallotRow): Promise<boolean> =>
  (await trx
    .selectFrom('paper_ballot')
    .select('id')
    .where('dao_id', '=', row.dao_id)
    .where('paper', '=', row.paper)
    .where('seat', '=', row.seat)
    .where('sequence', '>=', row.sequence)
    .where('id', '<>', row.id)
    .where('state', 'in', ['accepted', 'batched', 'counted', 'final'])
    .executeTakeFirst()) !== undefined

type StepState = Pick<ActionStepRow, 'state' | 'reason' | 'block_number' | 'tx_hash'>

function stepOf({ state, reason_code, block_number, tx_hash }: PaperBallotRow): StepState {
  const none = { reason: null, block_number: null, tx_hash: null }
  const table: Record<PaperBallotRow['state'], StepState> = {
    accepted: { ...none, state: 'accepted' },
    batched: { ...none, state: 'sent' },
    counted: { ...none, state: 'done', block_number, tx_hash },
    final: { ...none, state: 'done', block_number, tx_hash },
    superseded: { ...none, state: 'replaced' },
    refused: { ...none, state: 'failed', reason: paperWords[reason_code ?? 'unknown'] },
  }
  return table[state]
}

/** The contract counts the newest of a seat; the page of an older one that it had counted stays as it is. */
async function replaceOlder(trx: Trx, row: PaperBallotRow): Promise<void> {
  await trx
    .updateTable('paper_ballot')
    .set({ state: 'superseded' })
    .where('dao_id', '=', row.dao_id)
    .where('paper', '=', row.paper)
    .where('seat', '=', row.seat)
    .where('sequence', '<', row.sequence)
    .where('state', 'in', ['counted', 'final'])
    .execute()
}
