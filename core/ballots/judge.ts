import type { Address, TransactionReceipt } from 'viem'
import type { Context, Trx } from '../context.ts'
import type { BallotRow } from '../db/tables/ballots.ts'
import type { DaoRow } from '../db/tables/governance.ts'
import { UserError } from '../errors.ts'
import { castOf, governorOf } from '../governance/governor.ts'
import type { RefusalCode } from '../db/tables/ballots.ts'
import type { Outcome } from '../governance/governor/types.ts'
import { proposalById, type Proposal } from '../governance/proposal.ts'
import { showBallotCard } from './card.ts'
import { chainHeads } from '../relay/finality.ts'
import { relay } from './relay-job.ts'

/**
 * After so many transactions in vain a ballot is given up, because each of them costs gas: soon when it alone was not
 * counted, as with a wallet that answers a dry run otherwise than the chain; later when all of them failed together.
 */
const mostTries = { success: 3, reverted: 10 }

type Change = Partial<
  Pick<
    BallotRow,
    'state' | 'reason_code' | 'tries' | 'intent_id' | 'block_number' | 'block_hash' | 'tx_hash' | 'final_at'
  >
>
type Judged = { dao: DaoRow; rows: readonly BallotRow[]; receipt: TransactionReceipt | undefined }

/**
 * Asks the contract what became of ballots and writes that down. `receipt` is the transaction that carried them; without
 * one the contract's state alone decides. It may be asked again at any time: the answer is the chain's, not ours.
 */
export async function judgeBallots(ctx: Context, { dao, rows, receipt }: Judged): Promise<void> {
  if (rows.length === 0) return
  const proposals = new Map<string, Proposal>()
  for (const id of new Set(rows.map((row) => row.proposal_id))) proposals.set(id, await proposalById(ctx, id))
  const ballots = rows.flatMap((row) => {
    const proposal = proposals.get(row.proposal_id)
    return proposal ? [castOf(row, proposal)] : []
  })
  const { final } = await chainHeads(ctx)
  const outcomes = await governorOf(dao).outcome(ctx, { dao, ballots, receipt })
  for (const row of rows.toSorted((a, b) => (a.id < b.id ? -1 : 1))) {
    const outcome = outcomes.find(({ id }) => id === row.id)
    const proposal = proposals.get(row.proposal_id)
    const change = outcome && proposal && (await changeFor(ctx, { row, proposal, outcome, receipt, final }))
    if (change) await apply(ctx, row, change)
  }
}

type Facts = {
  row: BallotRow
  proposal: Proposal
  outcome: Outcome
  receipt: TransactionReceipt | undefined
  final: bigint
}

async function changeFor(ctx: Context, facts: Facts): Promise<Change | undefined> {
  const { row, outcome, receipt } = facts
  switch (outcome.status) {
    case 'counted':
      if (outcome.here && receipt)
        return {
          state: 'counted',
          reason_code: null,
          block_number: receipt.blockNumber.toString(),
          block_hash: receipt.blockHash,
          tx_hash: receipt.transactionHash,
        }
      return countedBySomeone(ctx, facts)
    case 'superseded':
      return { state: 'superseded', reason_code: null }
    case 'voted_elsewhere':
      return votedElsewhere(ctx, facts, await voteOf(ctx, row))
    case 'voted': {
      const vote = await voteOf(ctx, row)
      // Until the log is read, all that is sure is that no transaction of ours counted it.
      return vote?.support === row.support ? countedBySomeone(ctx, facts) : votedElsewhere(ctx, facts, vote)
    }
    case 'refused':
      return row.state === 'refused' || row.state === 'superseded' ? undefined : refusedAs(ctx, facts, outcome.code)
    case 'again':
      return againAs(row, receipt)
  }
}

function votedElsewhere(ctx: Context, { final }: Facts, vote: Awaited<ReturnType<typeof voteOf>>): Change {
  const isFinal = vote !== undefined && BigInt(vote.block_number) <= final
  return { state: 'voted_elsewhere', reason_code: null, ...(isFinal ? { final_at: new Date(ctx.now()) } : {}) }
}

/** Anybody may send a ballot; the log of the vote says where it was counted, once the listener has read it. */
async function countedBySomeone(ctx: Context, { row, final }: Facts): Promise<Change> {
  const vote = await voteOf(ctx, row)
  if (!vote) return { state: 'counted', reason_code: null, block_number: null, block_hash: null, tx_hash: null }
  // Its nonce is used, but for another choice: another ballot of the wallet was counted.
  if (vote.support !== row.support) return { state: 'superseded', reason_code: null }
  const isFinal = BigInt(vote.block_number) <= final
  return {
    state: isFinal ? 'final' : 'counted',
    reason_code: null,
    block_number: vote.block_number,
    block_hash: vote.block_hash,
    tx_hash: vote.tx_hash,
    ...(isFinal ? { final_at: new Date(ctx.now()) } : {}),
  }
}

async function refusedAs(ctx: Context, { row, proposal }: Facts, code: RefusalCode): Promise<Change | undefined> {
  const refused = { state: 'refused', reason_code: code } as const
  if (code !== 'closed') return refused
  const state = await proposalState(ctx, row, proposal)
  // A reorg may take the start of the vote back, and a node behind may not know of it yet; then it only waits.
  if (state === 'active' || state === 'pending' || state === 'unknown') return againAs(row, undefined)
  return { ...refused, reason_code: state === 'canceled' ? 'closed' : 'late' }
}

async function proposalState(ctx: Context, row: BallotRow, { dao, onchain_id }: Proposal): Promise<string> {
  try {
    const voter = row.voter as Address
    const { state } = await governorOf(dao).standing(ctx, { dao, proposalId: BigInt(onchain_id), voter })
    return state
  } catch (error) {
    if (error instanceof UserError && error.code === 'unknown') return 'unknown'
    throw error
  }
}

/** Not counted, and it still can be: an accepted ballot is a promise, so it goes out again. */
function againAs(row: BallotRow, receipt: TransactionReceipt | undefined): Change | undefined {
  const isOurs = row.state === 'batched' || row.state === 'counted' || row.state === 'voted_elsewhere'
  if (!isOurs) return undefined
  const tries = receipt ? row.tries + 1 : row.tries
  if (receipt && tries >= mostTries[receipt.status])
    return { state: 'refused', reason_code: row.signer === 'contract' ? 'signature' : 'unknown', tries }
  return { state: 'accepted', reason_code: null, intent_id: null, tx_hash: null, tries }
}

/** The newest vote of this wallet that the listener has read. */
const voteOf = (ctx: Context, row: Pick<BallotRow, 'proposal_id' | 'voter'>) =>
  ctx.db
    .selectFrom('vote')
    .selectAll()
    .where('proposal_id', '=', row.proposal_id)
    .where('voter', '=', row.voter)
    .where('orphaned_at', 'is', null)
    .orderBy('block_number', 'desc')
    .orderBy('log_index', 'desc')
    .limit(1)
    .executeTakeFirst()

/** Only from the state that was looked at: whatever happened meanwhile will be looked at anew. */
async function apply(ctx: Context, row: BallotRow, change: Change): Promise<void> {
  const isNews = Object.entries(change).some(([name, value]) => row[name as keyof BallotRow] !== value)
  if (!isNews) return
  await ctx.db.transaction().execute(async (trx) => {
    const isTaken = change.state === 'accepted' && (await hasTwin(trx, row))
    const changed = await trx
      .updateTable('ballot')
      .set(isTaken ? { state: 'superseded' as const } : change)
      .where('id', '=', row.id)
      .where('state', '=', row.state)
      .where('intent_id', 'is not distinct from', row.intent_id)
      .returning(['id', 'state'])
      .executeTakeFirst()
    if (!changed) return
    if (changed.state === 'counted' || changed.state === 'final') await replaceOlder(ctx, trx, row)
    if (changed.state === 'accepted') {
      const { dao_id } = await proposalById({ db: trx }, row.proposal_id)
      await ctx.queue.send(trx, relay, { daoId: dao_id }, { key: `relay/${dao_id}` })
    }
    await showBallotCard(ctx, trx, row.id)
  })
}

/** The wallet has signed anew with the same sequence or nonce since; only one of the two can count. */
const hasTwin = async (trx: Trx, row: BallotRow): Promise<boolean> =>
  (await trx
    .selectFrom('ballot')
    .select('id')
    .where('proposal_id', '=', row.proposal_id)
    .where('voter', '=', row.voter)
    .where('nonce', '=', row.nonce)
    .where('id', '<>', row.id)
    .where('state', 'in', ['accepted', 'batched', 'counted', 'final'])
    .executeTakeFirst()) !== undefined

/** Where minds may be changed, the contract took the older one back when it counted the newer. */
async function replaceOlder(ctx: Context, trx: Trx, row: BallotRow): Promise<void> {
  if (row.form !== 'seat') return
  const replaced = await trx
    .updateTable('ballot')
    .set({ state: 'superseded' })
    .where('proposal_id', '=', row.proposal_id)
    .where('voter', '=', row.voter)
    .where('form', '=', 'seat')
    .where('nonce', '<', row.nonce)
    .where('state', 'in', ['counted', 'final'])
    .returning('id')
    .execute()
  for (const { id } of replaced) await showBallotCard(ctx, trx, id)
}
