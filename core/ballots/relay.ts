import type { Context, Trx } from '../context.ts'
import type { BallotRow } from '../db/tables/ballots.ts'
import type { DaoRow } from '../db/tables/governance.ts'
import { RetryableError } from '../errors.ts'
import { isRevert } from '../chain/ask.ts'
import { castOf, governorOf } from '../governance/governor.ts'
import type { BatchCall, CastBallot, Verdict } from '../governance/governor/types.ts'
import { governorClock } from '../governance/weight.ts'
import { showBallotCard } from './card.ts'
import { quoteFees, raiseFees, type Fees } from '../relay/fees.ts'
import { judgeBallots } from './judge.ts'
import { sendIntent } from '../relay/lane.ts'
import { hurrySeconds, relay } from './relay-job.ts'

type Waiting = BallotRow & { onchain_id: string }

const atOnce = 1_000

/**
 * Sends the waiting ballots of a DAO, those whose vote ends first in front: a dry run takes out what the contract would
 * not count, the rest goes out in as few transactions as the gas allows. Run twice at once it still sends each ballot
 * once, because a ballot is claimed in the transaction that gives its batch a nonce.
 */
export async function relayDao(ctx: Context, params: { daoId: string }): Promise<void> {
  if (!ctx.chain.relayer) return
  const dao = await ctx.db.selectFrom('dao').selectAll().where('id', '=', params.daoId).executeTakeFirst()
  if (!dao || dao.chain_id !== ctx.chain.id) return
  const rows = await waitingOf(ctx, dao)
  // One group's trouble must not hold the others back.
  const faults: unknown[] = []
  for (const group of groupsOf(ctx, rows)) {
    await relayGroup(ctx, dao, group).catch((error: unknown) => {
      faults.push(error)
    })
  }
  if (faults.length > 0) throw faults[0]
  if (rows.length === atOnce) await ctx.queue.send(ctx.db, relay, { daoId: dao.id }, { key: `relay/${dao.id}` })
}

const waitingOf = (ctx: Context, dao: DaoRow): Promise<Waiting[]> =>
  ctx.db
    .selectFrom('ballot')
    .innerJoin('proposal', 'proposal.id', 'ballot.proposal_id')
    .selectAll('ballot')
    .select('proposal.onchain_id')
    .where('proposal.dao_id', '=', dao.id)
    .where('ballot.state', '=', 'accepted')
    .orderBy('ballot.deadline')
    .orderBy('ballot.tries')
    .orderBy('ballot.accepted_at')
    .limit(atOnce)
    .execute()

/** What went out in vain goes out again in halves, and halves of those, until the one that spoils it is alone. */
function groupsOf(ctx: Context, rows: readonly Waiting[]): Waiting[][] {
  const groups: Waiting[][] = []
  for (const row of rows) {
    const last = groups.at(-1)
    const most = Math.max(1, ctx.config.RELAY_BATCH_SIZE >> row.tries)
    if (last && last[0]?.tries === row.tries && last.length < most) last.push(row)
    else groups.push([row])
  }
  return groups
}

async function relayGroup(ctx: Context, dao: DaoRow, rows: readonly Waiting[]): Promise<void> {
  const governor = governorOf(dao)
  const ballots = rows.map((row) => castOf(row, row))
  const verdicts = await dryRun(ctx, dao, ballots)
  const isGood = new Set(verdicts.flatMap(({ id, refusal }) => (refusal ? [] : [id as string])))
  await judgeBallots(ctx, { dao, rows: rows.filter((row) => !isGood.has(row.id)), receipt: undefined })
  const good = ballots.filter((ballot) => isGood.has(ballot.id))
  if (good.length === 0) return
  const fees = await feesFor(ctx, dao, rows)
  for (const call of governor.encodeBatch({ dao, multicall: ctx.chain.addresses.multicall, ballots: good }))
    await sendBatch(ctx, { dao, call, fees })
}

/** A node may refuse to run so much at once; then it is asked in halves. */
async function dryRun(ctx: Context, dao: DaoRow, ballots: readonly CastBallot[]): Promise<Verdict[]> {
  try {
    return await governorOf(dao).simulate(ctx, { dao, ballots })
  } catch (cause) {
    if (!isRevert(cause)) throw cause
    if (ballots.length === 1) throw new RetryableError('The dry run of a ballot fails.', { cause })
    const middle = Math.ceil(ballots.length / 2)
    return [...(await dryRun(ctx, dao, ballots.slice(0, middle))), ...(await dryRun(ctx, dao, ballots.slice(middle)))]
  }
}

async function sendBatch(
  ctx: Context,
  { dao, call, fees }: { dao: DaoRow; call: BatchCall; fees: Fees },
): Promise<void> {
  try {
    await sendIntent(ctx, {
      purpose: 'ballots',
      daoId: dao.id,
      to: call.to,
      data: call.data,
      gas: call.gas,
      fees,
      within: (trx, intentId) => claimBallots(ctx, trx, { ids: call.ids, intentId }),
    })
  } catch (error) {
    if (!(error instanceof Overtaken)) throw error
    await ctx.queue.send(ctx.db, relay, { daoId: dao.id }, { key: `relay/${dao.id}` })
  }
}

/** Another relayer was faster, or a newer ballot took the place of one: the batch is made anew. */
class Overtaken extends Error {}

async function claimBallots(
  ctx: Context,
  trx: Trx,
  { ids, intentId }: { ids: readonly string[]; intentId: string },
): Promise<void> {
  // In one order everywhere, so that nobody waits for one another.
  const waiting = await trx
    .selectFrom('ballot')
    .select('id')
    .where('id', 'in', ids)
    .where('state', '=', 'accepted')
    .orderBy('id')
    .forUpdate()
    .execute()
  if (waiting.length !== ids.length) throw new Overtaken()
  await trx.updateTable('ballot').set({ state: 'batched', intent_id: intentId }).where('id', 'in', ids).execute()
  for (const { id } of waiting) await showBallotCard(ctx, trx, id)
}

/** Near the end there is no time to wait and see what the market takes. */
async function feesFor(ctx: Context, dao: DaoRow, rows: readonly Waiting[]): Promise<Fees> {
  const market = await quoteFees(ctx)
  const first = rows.reduce((least, row) => (BigInt(row.deadline) < least ? BigInt(row.deadline) : least), 2n ** 64n)
  if (first - (await governorClock(ctx, dao)) > hurrySeconds) return market
  return raiseFees(ctx, { maxFee: market.maxFee * 2n, tip: market.tip * 2n }, market) ?? market
}
