import { sql } from 'kysely'
import type { Address, TransactionReceipt } from 'viem'
import type { Context } from '../context.ts'
import type { BallotRow, RefusalCode } from '../db/tables/ballots.ts'
import type { DaoRow } from '../db/tables/governance.ts'
import { UserError } from '../errors.ts'
import { castOf, governorOf } from '../governance/governor.ts'
import type { CastBallot, Outcome } from '../governance/governor/types.ts'
import { proposalById, type Proposal } from '../governance/proposal.ts'
import { governorClock } from '../governance/weight.ts'
import { chainHeads } from '../relay/finality.ts'
import { countedHere, tryAgain, type Change, type Lot, type SignedKind } from '../relay/signed.ts'
import { showBallotCard } from './card.ts'
import { refusal } from './refusal.ts'
import { relay } from './relay-job.ts'
import { overtakenBallots } from './votes.ts'

/** A governor, and the proposals that ballots in it are about. */
export type OnGovernor = { dao: DaoRow; proposals: ReadonlyMap<string, Proposal> }

/** A vote on a proposal, in the form that its governor takes: what differs between governors is the table's in `governor.ts`. */
export const ballotKind: SignedKind<BallotRow, OnGovernor> = {
  name: 'ballot',
  plural: 'ballots',
  table: 'ballot',
  purpose: 'ballots',
  job: relay,
  jobKey: (daoId) => `relay/${daoId}`,
  daoId: sql<string>`(select proposal.dao_id from proposal where proposal.id = ballot.proposal_id)`,
  slot: { columns: ['proposal_id', 'voter'], order: 'nonce' },
  isReplaceable: ({ form }) => form === 'seat',
  deadline: {
    at: sql<string>`ballot.deadline`,
    now: async (ctx, daoId) => governorClock(ctx, await daoById(ctx, daoId)),
    ours: async (ctx, daoId) =>
      (await daoById(ctx, daoId)).clock === 'timestamp' ? BigInt(Math.floor(ctx.now() / 1_000)) : undefined,
  },
  async lots(ctx, { daoId, rows }) {
    const dao = await ctx.db.selectFrom('dao').selectAll().where('id', '=', daoId).executeTakeFirst()
    if (!dao || dao.chain_id !== ctx.chain.id || rows.length === 0) return []
    return [{ on: await onGovernor(ctx, dao, rows), rows }]
  },
  // A governor packs them itself, whoever signed.
  sendsContractsAlone: false,
  async dryRun(ctx, lot) {
    const { dao } = lot.on
    const verdicts = await governorOf(dao).simulate(ctx, { dao, ballots: castsOf(lot) })
    const refused = new Map<string, string>(verdicts.flatMap((each) => (each.refusal ? [[each.id, each.refusal]] : [])))
    const isKnown = new Set<string>(verdicts.map(({ id }) => id))
    for (const { id } of lot.rows) if (!isKnown.has(id)) refused.set(id, 'unknown')
    return refused
  },
  encode: (ctx, lot) =>
    governorOf(lot.on.dao).encodeBatch({
      dao: lot.on.dao,
      multicall: ctx.chain.addresses.multicall,
      ballots: castsOf(lot),
    }),
  async reconcile(ctx, { receipt, ...lot }) {
    const { final } = await chainHeads(ctx)
    const { dao, proposals } = lot.on
    const outcomes = await governorOf(dao).outcome(ctx, { dao, ballots: castsOf(lot), receipt })
    const changes = new Map<string, Change>()
    for (const row of lot.rows) {
      const outcome = outcomes.find(({ id }) => id === row.id)
      const proposal = proposals.get(row.proposal_id)
      const change = outcome && proposal && (await changeFor(ctx, { row, proposal, outcome, receipt, final }))
      if (change) changes.set(row.id, change)
    }
    return changes
  },
  // The block stays in the row, so that the voter can be told what happened.
  overtaken: overtakenBallots,
  undone: { state: 'batched', tx_hash: null },
  refusal: (code, { on, rows }) => {
    const [row] = rows
    return refusal(code as RefusalCode, (row && on.proposals.get(row.proposal_id)?.ref) ?? '')
  },
  show: (ctx, trx, { id }, more) => showBallotCard(ctx, trx, id, more),
  tellsReplaced: true,
}

const daoById = (ctx: Pick<Context, 'db'>, daoId: string): Promise<DaoRow> =>
  ctx.db.selectFrom('dao').selectAll().where('id', '=', daoId).executeTakeFirstOrThrow()

async function onGovernor(
  ctx: Pick<Context, 'db'>,
  dao: DaoRow,
  rows: readonly Pick<BallotRow, 'proposal_id'>[],
): Promise<OnGovernor> {
  const proposals = new Map<string, Proposal>()
  for (const { proposal_id } of rows)
    if (!proposals.has(proposal_id)) proposals.set(proposal_id, await proposalById(ctx, proposal_id))
  return { dao, proposals }
}

const castsOf = ({ on, rows }: Lot<BallotRow, OnGovernor>): CastBallot[] =>
  rows.flatMap((row) => {
    const proposal = on.proposals.get(row.proposal_id)
    return proposal ? [castOf(row, proposal)] : []
  })

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
      if (outcome.here && receipt) return countedHere(receipt)
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
  const code = row.signer === 'contract' ? 'signature' : 'unknown'
  return isOurs ? tryAgain(row, { isTry: receipt !== undefined, receipt, code }) : undefined
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
