import { sql } from 'kysely'
import { getAddress, keccak256 } from 'viem'
import { summarizeAgain } from '../chat/hear.ts'
import type { Context, Trx } from '../context.ts'
import type { DaoRow } from '../db/tables/governance.ts'
import { eventOf, type ChainLog, type GovernorEvent } from './events.ts'
import { headline, textOf } from './words.ts'

type Heard<Name extends GovernorEvent['name']> = { log: ChainLog; event: Extract<GovernorEvent, { name: Name }> }
type Vote = Heard<'VoteCast'>

const votesAtOnce = 1_000
/** Votes come in batches; the summary waits for the batch. */
const settleMs = 8_000

/**
 * Turns a DAO's logs, in the order of the chain, into proposals and votes. Doing it twice changes nothing. Every proposal
 * that is touched is marked stale: `refresh.ts` asks the contract how it stands, and announces it.
 */
export async function applyLogs(
  ctx: Pick<Context, 'queue'>,
  trx: Trx,
  params: { dao: DaoRow; logs: readonly ChainLog[] },
): Promise<void> {
  const { dao } = params
  const touched = new Set<string>()
  const votes: Vote[] = []
  for (const log of params.logs) {
    const event = eventOf(log)
    if (!event) continue
    touched.add(event.proposalId.toString())
    if (event.name === 'ProposalCreated') await addProposal(ctx, trx, dao, { log, event })
    if (event.name === 'VoteCast') votes.push({ log, event })
  }
  if (touched.size === 0) return
  const rows = await trx
    .updateTable('proposal')
    .set({ stale: true })
    .where('dao_id', '=', dao.id)
    .where(sql<boolean>`onchain_id = any(${[...touched]}::numeric[])`)
    .where('orphaned_at', 'is', null)
    .returning(['id', 'onchain_id', 'announced'])
    .execute()
  const ids = new Map(rows.map((row) => [row.onchain_id, row.id]))
  for (let from = 0; from < votes.length; from += votesAtOnce)
    await addVotes(trx, ids, votes.slice(from, from + votesAtOnce))
  // Reasons are part of the discussion.
  const reasoned = new Set(
    votes.filter(({ event }) => textOf(event.reason) !== '').map(({ event }) => event.proposalId.toString()),
  )
  for (const { id, onchain_id, announced } of rows)
    if (announced && reasoned.has(onchain_id)) await summarize(ctx, trx, id, settleMs)
}

async function addProposal(
  ctx: Pick<Context, 'queue'>,
  trx: Trx,
  dao: DaoRow,
  { log, event }: Heard<'ProposalCreated'>,
): Promise<void> {
  const description = textOf(event.description)
  const facts = {
    proposer: event.proposer,
    title: headline(description),
    description,
    text_hash: keccak256(event.description),
    calls: JSON.stringify(callsOf(event)),
    snapshot: event.snapshot.toString(),
    deadline: event.deadline.toString(),
    block_number: log.blockNumber.toString(),
    block_hash: log.blockHash,
    tx_hash: log.tx,
    orphaned_at: null,
  }
  const onchainId = event.proposalId.toString()
  const known = await trx
    .selectFrom('proposal')
    .select(['id', 'text_hash', 'announced', 'orphaned_at', 'block_hash'])
    .where('dao_id', '=', dao.id)
    .where('onchain_id', '=', onchainId)
    .executeTakeFirst()
  if (known) {
    // Back after a reorg: it keeps its ref, and its life starts over.
    const isBack = known.orphaned_at !== null || known.block_hash !== log.blockHash
    await trx
      .updateTable('proposal')
      .set({ ...facts, ...(isBack ? { state: 'pending', eta: null, stage: null } : {}) })
      .where('id', '=', known.id)
      .execute()
    if (known.announced && known.text_hash !== facts.text_hash) await summarize(ctx, trx, known.id)
    return
  }
  const { newest } = await trx
    .selectFrom('proposal')
    .select((eb) => eb.fn.max('number').as('newest'))
    .where('dao_id', '=', dao.id)
    .executeTakeFirstOrThrow()
  const number = (newest ?? 0) + 1
  const announced = log.blockNumber > BigInt(dao.quiet_until)
  const { id } = await trx
    .insertInto('proposal')
    .values({
      ...facts,
      dao_id: dao.id,
      number,
      ref: `${dao.slug}-${number}`,
      onchain_id: onchainId,
      state: 'pending',
      announced,
      stale: true,
      eta: null,
      quorum: null,
      tally_block: null,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  if (announced) await summarize(ctx, trx, id)
}

const summarize = (ctx: Pick<Context, 'queue'>, trx: Trx, proposalId: string, afterMs = 0): Promise<void> =>
  ctx.queue.send(trx, summarizeAgain, { proposalId }, { key: proposalId, afterMs })

function callsOf({ targets, values, calldatas }: Heard<'ProposalCreated'>['event']): unknown[] {
  return targets.map((target, at) => ({
    target: getAddress(target),
    value: (values[at] ?? 0n).toString(),
    data: calldatas[at] ?? '0x',
  }))
}

async function addVotes(trx: Trx, ids: ReadonlyMap<string, string>, votes: readonly Vote[]): Promise<void> {
  const values = votes.flatMap(({ log, event }) => {
    const proposalId = ids.get(event.proposalId.toString())
    if (proposalId === undefined) return []
    return [
      {
        proposal_id: proposalId,
        voter: event.voter,
        block_hash: log.blockHash,
        log_index: log.index,
        block_number: log.blockNumber.toString(),
        tx_hash: log.tx,
        support: event.support,
        weight: event.weight.toString(),
        reason: textOf(event.reason),
        orphaned_at: null,
      },
    ]
  })
  if (values.length === 0) return
  await trx
    .insertInto('vote')
    .values(values)
    .onConflict((conflict) => conflict.columns(['block_hash', 'log_index']).doUpdateSet({ orphaned_at: null }))
    .execute()
}
