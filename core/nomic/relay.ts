import type { Address, Hex } from 'viem'
import { chief } from '../../contracts/generated.ts'
import { gasFor } from '../relay/fees.ts'
import { sendIntent } from '../relay/lane.ts'
import type { Context, Trx } from '../context.ts'
import type { ApprovalRow } from '../db/tables/nomic.ts'
import { RetryableError } from '../errors.ts'
import { isRevert, ask } from '../chain/ask.ts'
import { refusalOf } from '../chain/refusal.ts'
import { moveStep } from './accept.ts'
import { nomicById, type NomicDao } from './contracts.ts'
import { relayApprovals } from './jobs.ts'
import { judgeApprovals } from './outcome.ts'
import { slateOf } from './slate.ts'
import { batchCall, etchCall, packApprovals, singleCall, type Numbered } from './wire.ts'

type Waiting = ApprovalRow & Numbered

const atOnce = 1_000
const etchMs = 700

/**
 * Sends the waiting approvals of a DAO: lists that nobody etched yet first, then, when those have numbers, the approvals in as
 * few transactions as may be. Run twice at once it still sends each once, because an approval is claimed in the
 * transaction that gives its batch a nonce.
 */
export async function relayWaiting(ctx: Context, { daoId }: { daoId: string }): Promise<void> {
  if (!ctx.chain.relayer) return
  const dao = await nomicById(ctx.db, daoId)
  if (dao.chain_id !== ctx.chain.id) return
  const rows = await ctx.db
    .selectFrom('approval')
    .selectAll()
    .where('dao_id', '=', daoId)
    .where('state', '=', 'accepted')
    .orderBy('tries')
    .orderBy('accepted_at')
    .limit(atOnce)
    .execute()
  const slates = await numbersOf(ctx, dao, rows)
  const numbered = rows.flatMap((row): Waiting[] => {
    const slate = slates.get(listKey(row))
    return slate === undefined ? [] : [{ ...row, slate }]
  })
  // One group's trouble must not hold the others back.
  const faults: unknown[] = []
  for (const group of groupsOf(ctx, numbered))
    await relayGroup(ctx, dao, group).catch((error: unknown) => {
      faults.push(error)
    })
  if (numbered.length < rows.length || rows.length === atOnce)
    await ctx.queue.send(ctx.db, relayApprovals, { daoId }, { key: daoId, afterMs: etchMs })
  if (faults.length > 0) throw faults[0]
}

const spellsOf = ({ spells }: Pick<ApprovalRow, 'spells'>): Address[] => spells as Address[]
const listKey = (row: Pick<ApprovalRow, 'spells'>): string => spellsOf(row).join(' ')

/** The numbers of all lists that have one; those that have none are etched, which is waited for. */
async function numbersOf(ctx: Context, dao: NomicDao, rows: readonly ApprovalRow[]): Promise<Map<string, number>> {
  const lists = new Map(rows.map((row) => [listKey(row), spellsOf(row)]))
  const numbers = new Map<string, number>()
  for (const [key, spells] of lists) {
    const slate = await slateOf(ctx, dao, spells)
    if (slate !== 0) numbers.set(key, slate)
    else await etch(ctx, dao, etchCall(spells))
  }
  return numbers
}

/** Once is enough, and twice would change nothing. */
async function etch(ctx: Context, dao: NomicDao, data: Hex): Promise<void> {
  const underWay = await ctx.db
    .selectFrom('intent')
    .select('id')
    .where('purpose', '=', 'approvals')
    .where('data', '=', data)
    .where('to', '=', dao.chief)
    .where('state', 'in', ['open', 'mined'])
    .executeTakeFirst()
  if (!underWay) await sendIntent(ctx, { purpose: 'approvals', daoId: dao.id, to: dao.chief, data })
}

/** Contract wallets go alone; what went out in vain goes out again in halves, until the one that spoils it is alone. */
function groupsOf(ctx: Context, rows: readonly Waiting[]): Waiting[][] {
  const groups: Waiting[][] = rows.filter(({ signer }) => signer === 'contract').map((row) => [row])
  let last: Waiting[] | undefined
  for (const row of rows.filter(({ signer }) => signer === 'key')) {
    const most = Math.max(1, ctx.config.RELAY_BATCH_SIZE >> row.tries)
    if (last && last[0]?.tries === row.tries && last.length < most) last.push(row)
    else groups.push((last = [row]))
  }
  return groups
}

async function relayGroup(ctx: Context, dao: NomicDao, rows: readonly Waiting[]): Promise<void> {
  const good = await wouldCount(ctx, dao, rows)
  await judgeApprovals(ctx, { dao, rows: rows.filter((row) => !good.includes(row)), receipt: undefined })
  const [first] = good
  if (!first) return
  const data = first.signer === 'contract' ? singleCall(first) : batchCall(good)
  try {
    await sendIntent(ctx, {
      purpose: 'approvals',
      daoId: dao.id,
      to: dao.chief,
      data,
      gas: await gasFor(ctx, { to: dao.chief, data }),
      within: (trx, intentId) => claim(ctx, trx, { ids: good.map(({ id }) => id), intentId }),
    })
  } catch (error) {
    if (!(error instanceof Overtaken)) throw error
    await ctx.queue.send(ctx.db, relayApprovals, { daoId: dao.id }, { key: dao.id })
  }
}

/** Which of them the contract would count now. */
async function wouldCount(ctx: Context, dao: NomicDao, rows: readonly Waiting[]): Promise<Waiting[]> {
  const [first] = rows
  if (!first) return []
  if (first.signer === 'contract') return (await isTaken(ctx, dao, singleCall(first))) ? [first] : []
  // In the order in which they are packed.
  const ordered = rows.toSorted((a, b) => a.seat - b.seat)
  try {
    const answer = await ask(() =>
      ctx.chain.client.readContract({
        abi: chief.abi,
        address: dao.chief,
        functionName: 'check',
        args: [packApprovals(ordered)],
      }),
    )
    return ordered.filter((_, at) => answer.slice(2 + at * 2, 4 + at * 2) === '00')
  } catch (cause) {
    // A node may refuse to run so much at once; then it is asked in halves.
    if (!isRevert(cause)) throw cause
    if (ordered.length === 1) throw new RetryableError('The dry run of an approval fails.', { cause })
    const middle = Math.ceil(ordered.length / 2)
    return [
      ...(await wouldCount(ctx, dao, ordered.slice(0, middle))),
      ...(await wouldCount(ctx, dao, ordered.slice(middle))),
    ]
  }
}

async function isTaken(ctx: Context, dao: NomicDao, data: Hex): Promise<boolean> {
  try {
    await ctx.chain.client.call({ to: dao.chief, data })
    return true
  } catch (error) {
    if (refusalOf(error) !== undefined) return false
    throw new RetryableError('The chain does not answer.', { cause: error })
  }
}

/** Another relayer was faster, or a newer approval took the place of one: the batch is made anew. */
class Overtaken extends Error {}

async function claim(
  ctx: Context,
  trx: Trx,
  { ids, intentId }: { ids: readonly string[]; intentId: string },
): Promise<void> {
  // In one order everywhere, so that nobody waits for one another.
  const waiting = await trx
    .selectFrom('approval')
    .select(['id', 'action_id', 'step'])
    .where('id', 'in', ids)
    .where('state', '=', 'accepted')
    .orderBy('id')
    .forUpdate()
    .execute()
  if (waiting.length !== ids.length) throw new Overtaken()
  await trx.updateTable('approval').set({ state: 'batched', intent_id: intentId }).where('id', 'in', ids).execute()
  for (const row of waiting) await moveStep(ctx, trx, row, { state: 'sent', intent_id: intentId })
}
