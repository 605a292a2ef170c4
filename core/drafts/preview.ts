import { keccak256, parseAbi, stringToHex, zeroHash, type Address } from 'viem'
import { summarize, withFacts } from '../ai/summarize.ts'
import type { Context } from '../context.ts'
import { ask } from '../chain/ask.ts'
import { readCall } from '../governance/calls.ts'
import { factSheet } from '../governance/facts.ts'
import { headline } from '../listen/words.ts'
import { unitsOf, type Moment, type ProposalRecord } from '../governance/record.ts'
import { governorClock } from '../governance/weight.ts'
import type { Person } from '../command.ts'
import { openedAs, type Draft } from './draft.ts'
import { proposerOf, type Proposer } from './proposer.ts'
import { callsOf, descriptionOf } from './text.ts'
import { tryCalls, type Trial } from './trial.ts'

const governorAbi = parseAbi([
  'function votingDelay() view returns (uint256)',
  'function votingPeriod() view returns (uint256)',
  'function quorum(uint256 timepoint) view returns (uint256)',
])

/** What would be on the chain if the draft were opened now, and what speaks against it. */
export type Preview = {
  draft: Draft
  record: ProposalRecord
  description: string
  proposer: Proposer
  trials: Trial[]
  /** The proposal that it became. */
  ref: string | undefined
}

export async function previewOf(ctx: Context, { draft, person }: { draft: Draft; person: Person }): Promise<Preview> {
  const { dao } = draft
  const calls = callsOf(draft)
  const proposer = await proposerOf(ctx, { dao, person })
  const [description, times, units, trials, ref] = await Promise.all([
    descriptionOf(ctx, draft, proposer.wallet),
    timesOf(ctx, draft),
    unitsOf(ctx, { dao }),
    tryCalls(ctx, { dao, calls }),
    openedAs(ctx, draft),
  ])
  const title = headline(description)
  const record = {
    ...units,
    proposal: {
      id: '0',
      dao,
      dao_id: dao.id,
      number: 0,
      ref: `${dao.slug}-?`,
      onchain_id: '0',
      proposer: proposer.wallet,
      title,
      description,
      text_hash: keccak256(stringToHex(description)),
      calls,
      snapshot: times.snapshot.toString(),
      deadline: times.deadline.toString(),
      state: 'pending' as const,
      stage: null,
      eta: null,
      against: '0',
      in_favour: '0',
      abstain: '0',
      quorum: times.quorum?.toString() ?? null,
      tally_block: null,
      final: false,
      block_number: '0',
      block_hash: zeroHash,
      tx_hash: zeroHash,
      announced: false,
      stale: false,
      checked_at: '0',
      orphaned_at: null,
      created_at: new Date(ctx.now()),
    },
    opens: times.opens,
    ends: times.ends,
    eta: undefined,
    calls: calls.map((call) => readCall(call, dao)),
  }
  const facts = factSheet(record)
  // Without a model: a preview must not wait, and what a model makes of it is made when it is on the chain.
  const made = await summarize({ ...ctx, ai: undefined }, { title, body: description, messages: [], facts })
  return { draft, record: { ...record, summary: withFacts(made, facts) }, description, proposer, trials, ref }
}

async function timesOf(
  ctx: Pick<Context, 'chain' | 'now'>,
  { dao }: Pick<Draft, 'dao'>,
): Promise<{ snapshot: bigint; deadline: bigint; quorum: bigint | undefined; opens: Moment; ends: Moment }> {
  const governor = { abi: governorAbi, address: dao.address as Address } as const
  const { client } = ctx.chain
  const clock = await governorClock(ctx, dao)
  const [delay, period, quorum] = await ask(() =>
    Promise.all([
      client.readContract({ ...governor, functionName: 'votingDelay' }),
      client.readContract({ ...governor, functionName: 'votingPeriod' }),
      client.readContract({ ...governor, functionName: 'quorum', args: [clock - 1n] }).catch(() => undefined),
    ]),
  )
  const [snapshot, deadline] = [clock + delay, clock + delay + period]
  const moment = (timepoint: bigint): Moment =>
    dao.clock === 'timestamp' ? { at: Number(timepoint) } : { at: undefined, block: timepoint.toString() }
  return { snapshot, deadline, quorum, opens: moment(snapshot), ends: moment(deadline) }
}
