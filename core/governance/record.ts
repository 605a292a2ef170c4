import { sql } from 'kysely'
import { withFacts } from '../ai/summarize.ts'
import type { Summary } from '../ai/types.ts'
import type { Context, Db, Trx } from '../context.ts'
import type { Channel } from '../platform.ts'
import { readCall, type ReadCall } from './calls.ts'
import { factSheet } from './facts.ts'
import { proposalById, type Proposal } from './proposal.ts'
import { summarySubject } from './summary-subject.ts'
import { coinOf, tokenOf, type Token } from '../chain/token.ts'
import type { ProposalCall } from './types.ts'

/** When, in unix seconds. A governor that counts in blocks gives a number, and the time is a guess from recent blocks. */
export type Moment = { at: number | undefined; block?: string }

/** All that a card says of a proposal, as the rows had it at one moment. */
export type ProposalRecord = {
  proposal: Proposal
  token: Token
  /** The chain's own coin. */
  coin: Token
  opens: Moment
  ends: Moment
  eta: number | undefined
  calls: ReadCall[]
  summary: Summary | undefined
}

export type Units = Pick<ProposalRecord, 'token' | 'coin'>

/** May ask the chain, so it comes before the transaction that reads the rows. */
export async function unitsOf(ctx: Pick<Context, 'chain' | 'kv'>, { dao }: Pick<Proposal, 'dao'>): Promise<Units> {
  return { token: await tokenOf(ctx, dao), coin: coinOf(ctx) }
}

/** From rows alone. The summary is the one that people in `channel` may read. */
export async function readRecord(
  db: Db | Trx,
  params: { id: string; units: Units; channel?: Channel | undefined },
): Promise<ProposalRecord> {
  const proposal = await proposalById({ db }, params.id)
  const { dao } = proposal
  const pace = await paceOf(db, dao.chain_id)
  const moment = (timepoint: string): Moment =>
    dao.clock === 'timestamp' ? { at: Number(timepoint) } : { at: guess(pace, timepoint), block: timepoint }
  const record = {
    proposal,
    ...params.units,
    opens: moment(proposal.snapshot),
    ends: moment(proposal.deadline),
    eta: proposal.eta === null || Number(proposal.eta) === 0 ? undefined : Number(proposal.eta),
    calls: (proposal.calls as ProposalCall[]).map((call) => readCall(call, dao)),
  }
  const summary = await readSummary(db, params)
  return { ...record, summary: summary && withFacts(summary, factSheet(record)) }
}

async function readSummary(
  db: Db | Trx,
  { id, channel }: { id: string; channel?: Channel | undefined },
): Promise<Summary | undefined> {
  const own = summarySubject(id, channel)
  const row = await db
    .selectFrom('summary')
    .select('summary')
    .where('subject', 'in', [own, summarySubject(id)])
    .orderBy((eb) => eb.case().when('subject', '=', own).then(0).else(1).end())
    .executeTakeFirst()
  return row?.summary as Summary | undefined
}

type Pace = { number: number; now: number; secondsPerBlock: number }

/** Blocks that old say how fast the chain is. */
const paceBlocks = 5_000
/** A guess that moved by seconds would edit every card at every vote. */
const guessStep = 300

async function paceOf(db: Db | Trx, chainId: number): Promise<Pace | undefined> {
  const blocks = db.selectFrom('block').select(['number', 'time']).where('chain_id', '=', chainId)
  const live = blocks.where('orphaned_at', 'is', null)
  const head = await live.orderBy('number', 'desc').limit(1).executeTakeFirst()
  if (!head) return undefined
  const early = await live
    .where(sql<boolean>`number >= ${Number(head.number) - paceBlocks}`)
    .orderBy('number')
    .limit(1)
    .executeTakeFirst()
  const span = early ? Number(head.number) - Number(early.number) : 0
  const secondsPerBlock = early && span > 0 ? (Number(head.time) - Number(early.time)) / span : 12
  return { number: Number(head.number), now: Number(head.time), secondsPerBlock }
}

function guess(pace: Pace | undefined, block: string): number | undefined {
  if (!pace) return undefined
  const at = pace.now + (Number(block) - pace.number) * pace.secondsPerBlock
  return Math.round(at / guessStep) * guessStep
}
