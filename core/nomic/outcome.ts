import type { TransactionReceipt } from 'viem'
import type { Settled } from '../relay/settle.ts'
import type { Context, Trx } from '../context.ts'
import type { ActionStepRow } from '../db/tables/actions.ts'
import type { ApprovalRow } from '../db/tables/nomic.ts'
import { moveStep } from './accept.ts'
import { nomicById, type NomicDao } from './contracts.ts'
import { relayApprovals } from './jobs.ts'
import { seatInfo } from './locker.ts'
import { approvalWords } from './refusal.ts'
import { slateOf } from './slate.ts'
import { countedIn, keyOf } from './wire.ts'

/** After so many transactions in vain an approval is given up, because each of them costs gas. */
const mostTries = { success: 3, reverted: 10 }

type Change = Partial<
  Pick<
    ApprovalRow,
    'state' | 'reason_code' | 'tries' | 'intent_id' | 'weight' | 'block_number' | 'block_hash' | 'tx_hash' | 'final_at'
  >
>

/** What a transaction's fate means for the approvals in it. The contract's word decides, never the receipt alone. */
export async function approvalsSettled(ctx: Context, { intent, event, receipt }: Settled): Promise<void> {
  const rows = await ctx.db.selectFrom('approval').selectAll().where('intent_id', '=', intent.id).execute()
  if (rows.length === 0) {
    // A list was etched, and approvals wait for its number.
    if (event === 'mined' && intent.dao_id !== null)
      await ctx.queue.send(ctx.db, relayApprovals, { daoId: intent.dao_id }, { key: intent.dao_id })
    return
  }
  const [first] = rows
  const dao = first && (await nomicById(ctx.db, first.dao_id))
  if (!dao) return
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
  await judgeApprovals(ctx, { dao, rows, receipt })
}

/**
 * Asks the contract what became of approvals and writes that down. `receipt` is the transaction that carried them; without
 * one the contract's state alone decides. It may be asked again at any time: the answer is the chain's, not ours.
 */
export async function judgeApprovals(
  ctx: Context,
  params: { dao: NomicDao; rows: readonly ApprovalRow[]; receipt: TransactionReceipt | undefined },
): Promise<void> {
  const { dao, rows, receipt } = params
  const counted = receipt ? countedIn(receipt, dao.chief) : new Map<string, bigint>()
  for (const row of rows.toSorted((a, b) => (a.id < b.id ? -1 : 1))) {
    const weight = counted.get(keyOf(row))
    const change =
      receipt && weight !== undefined ? countedHere(receipt, weight) : await changeFor(ctx, { dao, row, receipt })
    if (change) await apply(ctx, row, change)
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
  { dao, row, receipt }: { dao: NomicDao; row: ApprovalRow; receipt: TransactionReceipt | undefined },
): Promise<Change | undefined> {
  const [account, locked, newest, slate] = await seatInfo(ctx, dao, row.seat)
  if (newest > row.sequence) return { state: 'superseded', reason_code: null }
  if (newest === row.sequence) {
    const mine = await slateOf(ctx, dao, row.spells as `0x${string}`[])
    // Anybody may relay; but another list under the same number is another approval.
    return slate === mine ? { state: 'counted', reason_code: null, weight: locked.toString() } : { state: 'superseded' }
  }
  if (account.toLowerCase() !== row.voter.toLowerCase()) return { state: 'refused', reason_code: 'seat' }
  if (locked === 0n) return { state: 'refused', reason_code: 'unlocked' }
  return againAs(row, receipt)
}

/** Not counted, and it still can be: what was accepted is a promise, so it goes out again. */
function againAs(row: ApprovalRow, receipt: TransactionReceipt | undefined): Change | undefined {
  const isTry = receipt !== undefined || row.state === 'accepted'
  const tries = isTry ? row.tries + 1 : row.tries
  // The dry run refuses it, again and again, although nothing that we know of stands against it.
  if (!receipt && tries >= mostTries.success) return { state: 'refused', reason_code: 'signature', tries }
  if (receipt && tries >= mostTries[receipt.status]) return { state: 'refused', reason_code: 'unknown', tries }
  return { state: 'accepted', intent_id: null, block_number: null, block_hash: null, tx_hash: null, tries }
}

/** Only from the state that was looked at: whatever happened meanwhile will be looked at anew. */
async function apply(ctx: Context, row: ApprovalRow, change: Change): Promise<void> {
  const isNews = Object.entries(change).some(([name, value]) => row[name as keyof ApprovalRow] !== value)
  if (!isNews) return
  await ctx.db.transaction().execute(async (trx) => {
    const isTaken = change.state === 'accepted' && (await hasTwin(trx, row))
    const changed = await trx
      .updateTable('approval')
      .set(isTaken ? { state: 'superseded' as const } : change)
      .where('id', '=', row.id)
      .where('state', '=', row.state)
      .where('intent_id', 'is not distinct from', row.intent_id)
      .returningAll()
      .executeTakeFirst()
    if (!changed) return
    if (changed.state === 'accepted')
      await ctx.queue.send(trx, relayApprovals, { daoId: row.dao_id }, { key: row.dao_id, afterMs: row.tries * 1_000 })
    await moveStep(ctx, trx, changed, stepOf(changed))
    if (changed.state === 'counted') await replaceOlder(ctx, trx, changed)
  })
}

/** The wallet has signed anew with the same sequence since; only one of the two can count. */
const hasTwin = async (trx: Trx, row: ApprovalRow): Promise<boolean> =>
  (await trx
    .selectFrom('approval')
    .select('id')
    .where('dao_id', '=', row.dao_id)
    .where('seat', '=', row.seat)
    .where('sequence', '>=', row.sequence)
    .where('id', '<>', row.id)
    .where('state', 'in', ['accepted', 'batched', 'counted', 'final'])
    .executeTakeFirst()) !== undefined

type StepState = Pick<ActionStepRow, 'state' | 'reason' | 'block_number' | 'tx_hash'>

function stepOf({ state, reason_code, block_number, tx_hash }: ApprovalRow): StepState {
  const none = { reason: null, block_number: null, tx_hash: null }
  const table: Record<ApprovalRow['state'], StepState> = {
    accepted: { ...none, state: 'accepted' },
    batched: { ...none, state: 'sent' },
    counted: { ...none, state: 'done', block_number, tx_hash },
    final: { ...none, state: 'done', block_number, tx_hash },
    superseded: { ...none, state: 'replaced' },
    refused: { ...none, state: 'failed', reason: approvalWords[reason_code ?? 'unknown'] },
  }
  return table[state]
}

/** The contract counts the newest of a seat; the page of an older one that it had counted stays as it is. */
async function replaceOlder(ctx: Context, trx: Trx, row: ApprovalRow): Promise<void> {
  await trx
    .updateTable('approval')
    .set({ state: 'superseded' })
    .where('dao_id', '=', row.dao_id)
    .where('seat', '=', row.seat)
    .where('sequence', '<', row.sequence)
    .where('state', 'in', ['counted', 'final'])
    .execute()
}
