import { sql } from 'kysely'
import type { Address } from 'viem'
import { chief } from '../../contracts/generated.ts'
import { showSignedStep } from '../actions/step.ts'
import { ask } from '../chain/ask.ts'
import { isTaken } from '../chain/refusal.ts'
import type { Context } from '../context.ts'
import type { ApprovalRefusal, ApprovalRow } from '../db/tables/nomic.ts'
import { holdsFinally } from '../relay/finality.ts'
import { sendIntent } from '../relay/lane.ts'
import { countedHere, tryAgain, type Change, type Lot, type SignedKind } from '../relay/signed.ts'
import { nomicById, type NomicDao } from './contracts.ts'
import { relayApprovals } from './jobs.ts'
import { seatInfo } from './locker.ts'
import { approvalRefusal, approvalWords } from './refusal.ts'
import { slateOf } from './slate.ts'
import { batchCall, countedIn, etchCall, keyOf, packApprovals, reasonOf, singleCall, type Numbered } from './wire.ts'

/** The chief, and the number under which each list of spells was etched; 0 where it never was. */
export type OnChief = { dao: NomicDao; slates: ReadonlyMap<string, number> }

/** An approval of spells: its weight is what the wallet has locked, and the newest of a seat counts. */
export const approvalKind: SignedKind<ApprovalRow, OnChief> = {
  name: 'approval',
  plural: 'approvals',
  table: 'approval',
  purpose: 'approvals',
  job: relayApprovals,
  jobKey: (daoId) => daoId,
  daoId: sql<string>`approval.dao_id`,
  slot: { columns: ['dao_id', 'seat'], order: 'sequence' },
  isReplaceable: () => true,
  lots,
  prepare,
  sendsContractsAlone: true,
  dryRun,
  encode(_, { on, rows }) {
    const numbered = rows.map((row) => numberedOf(on, row))
    const [first] = numbered
    if (!first) return []
    const data = first.signer === 'contract' ? singleCall(first) : batchCall(numbered)
    return [{ to: on.dao.chief, data, ids: rows.map(({ id }) => id) }]
  },
  async reconcile(ctx, { on, rows, receipt, refusals }) {
    const counted = receipt ? countedIn(receipt, on.dao.chief) : new Map<string, bigint>()
    const changes = new Map<string, Change>()
    for (const row of rows) {
      const weight = counted.get(keyOf(row))
      if (receipt && weight !== undefined) changes.set(row.id, { ...countedHere(receipt), weight: weight.toString() })
      else {
        const code = refusals.get(row.id) ?? 'unknown'
        const isTry = receipt !== undefined || row.state === 'accepted'
        changes.set(row.id, (await changeBySeat(ctx, on, row)) ?? tryAgain(row, { isTry, receipt, code }))
      }
    }
    return changes
  },
  undone: { state: 'batched', weight: null, block_number: null, block_hash: null, tx_hash: null },
  /** A list was etched, and approvals wait for its number. */
  async settledAlone(ctx, { dao_id: daoId }) {
    if (daoId !== null) await ctx.queue.send(ctx.db, relayApprovals, { daoId }, { key: daoId })
  },
  refusal: (code) => approvalRefusal(code as ApprovalRefusal),
  show: (ctx, trx, row, { delayed } = { delayed: false }) =>
    showSignedStep(ctx, trx, row, { words: (code) => approvalWords[code as ApprovalRefusal], delayed }),
  tellsReplaced: false,
}

const spellsOf = ({ spells }: Pick<ApprovalRow, 'spells'>): Address[] => spells as Address[]
const listKey = (row: Pick<ApprovalRow, 'spells'>): string => spellsOf(row).join(' ')
const slateIn = ({ slates }: OnChief, row: ApprovalRow): number => slates.get(listKey(row)) ?? 0
const numberedOf = (on: OnChief, row: ApprovalRow): ApprovalRow & Numbered => ({ ...row, slate: slateIn(on, row) })

async function lots(
  ctx: Context,
  { daoId, rows }: { daoId: string; rows: readonly ApprovalRow[] },
): Promise<Lot<ApprovalRow, OnChief>[]> {
  const dao = await nomicById(ctx.db, daoId)
  if (dao.chain_id !== ctx.chain.id || rows.length === 0) return []
  return [{ on: await onChief(ctx, dao, rows.map(spellsOf)), rows }]
}

export async function onChief(
  ctx: Pick<Context, 'chain'>,
  dao: NomicDao,
  lists: readonly (readonly Address[])[],
): Promise<OnChief> {
  const slates = new Map<string, number>()
  for (const spells of lists)
    if (!slates.has(spells.join(' '))) slates.set(spells.join(' '), await slateOf(ctx, dao, spells))
  return { dao, slates }
}

/** Lists that nobody etched yet come first; when they have numbers, their approvals go out. */
async function prepare(ctx: Context, { on, rows }: Lot<ApprovalRow, OnChief>): Promise<readonly ApprovalRow[]> {
  const lists = new Map(rows.filter((row) => slateIn(on, row) === 0).map((row) => [listKey(row), spellsOf(row)]))
  for (const spells of lists.values()) await etch(ctx, on.dao, spells)
  return rows.filter((row) => slateIn(on, row) !== 0)
}

/** Once is enough, and twice would change nothing. */
async function etch(ctx: Context, dao: NomicDao, spells: readonly Address[]): Promise<void> {
  const data = etchCall(spells)
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

async function dryRun(ctx: Context, { on, rows }: Lot<ApprovalRow, OnChief>): Promise<Map<string, ApprovalRefusal>> {
  // The contract knows a list by its number alone.
  const known = rows.map((row) => numberedOf(on, row)).filter(({ slate }) => slate !== 0)
  const [first] = known
  if (!first) return new Map()
  if (first.signer === 'contract')
    return (await isTaken(ctx, { to: on.dao.chief, data: singleCall(first) }))
      ? new Map()
      : new Map([[first.id, 'signature']])
  // In the order in which they are packed.
  const ordered = known.toSorted((a, b) => a.seat - b.seat)
  const answer = await ask(() =>
    ctx.chain.client.readContract({
      abi: chief.abi,
      address: on.dao.chief,
      functionName: 'check',
      args: [packApprovals(ordered)],
    }),
  )
  return new Map(
    ordered.flatMap(({ id }, at) => {
      const why = reasonOf(Number(`0x${answer.slice(2 + at * 2, 4 + at * 2)}`))
      return why ? [[id, why] as const] : []
    }),
  )
}

/** By what its seat has now; undefined when it still could count. */
async function changeBySeat(ctx: Context, on: OnChief, row: ApprovalRow): Promise<Change | undefined> {
  const [account, locked, newest, slate] = await seatInfo(ctx, on.dao, row.seat)
  const mine = slateIn(on, row)
  if (newest > row.sequence) return { state: 'superseded', reason_code: null }
  // Anybody may relay; but another list under the same number is another approval.
  if (newest === row.sequence && slate !== mine) return { state: 'superseded', reason_code: null }
  if (newest === row.sequence) {
    const isFinal = await holdsFinally(ctx, async (block) => {
      const [, , then, thenSlate] = await seatInfo(ctx, on.dao, row.seat, block)
      return then === row.sequence && thenSlate === mine
    })
    const counted = { reason_code: null, weight: row.weight ?? locked.toString() }
    return isFinal
      ? { ...counted, state: 'final', final_at: row.final_at ?? new Date(ctx.now()) }
      : { ...counted, state: 'counted' }
  }
  if (account.toLowerCase() !== row.voter.toLowerCase()) return { state: 'refused', reason_code: 'seat' }
  if (locked === 0n) return { state: 'refused', reason_code: 'unlocked' }
  return undefined
}
