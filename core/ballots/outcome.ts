import { sql } from 'kysely'
import type { TransactionReceipt } from 'viem'
import type { Context } from '../context.ts'
import type { BallotRow, IntentRow } from '../db/tables/ballots.ts'
import type { DaoRow } from '../db/tables/governance.ts'
import { showBallotCard } from './card.ts'
import { judgeBallots } from './judge.ts'
import type { Settled } from '../relay/settle.ts'

/** What a transaction's fate means for the ballots in it. The contract's word decides, never the receipt alone. */
export async function ballotsSettled(ctx: Context, { intent, event, receipt }: Settled): Promise<void> {
  if (event === 'undone') return await takeBack(ctx, intent)
  if (event === 'final') return await finish(ctx, intent, receipt)
  const rows = await ballotsIn(ctx, intent)
  const dao = await daoOf(ctx, intent)
  if (dao) await judgeBallots(ctx, { dao, rows, receipt })
}

/**
 * Ballots that no transaction of ours can tell about any more: counted by somebody else, or overtaken by the wallet's own
 * vote. They are asked about until the block in question is final, since a reorg may change what happened.
 */
export async function settleLoose(ctx: Context): Promise<void> {
  const rows = await ctx.db
    .selectFrom('ballot')
    .innerJoin('proposal', 'proposal.id', 'ballot.proposal_id')
    .innerJoin('dao', 'dao.id', 'proposal.dao_id')
    .leftJoin('intent', 'intent.id', 'ballot.intent_id')
    .selectAll('ballot')
    .select('proposal.dao_id')
    .where('dao.chain_id', '=', ctx.chain.id)
    .where('ballot.final_at', 'is', null)
    .where('ballot.state', 'in', ['counted', 'voted_elsewhere'])
    .where('ballot.accepted_at', '>', new Date(ctx.now() - looseMs))
    .where((eb) => eb.or([eb('intent.id', 'is', null), eb('intent.state', 'in', ['final', 'elsewhere'])]))
    .orderBy('ballot.accepted_at', 'desc')
    .limit(loose)
    .execute()
  await judgeByDao(ctx, rows)
}

/** A vote that the listener read beside a ballot of the same wallet: perhaps the wallet voted by itself. */
export async function noticeVotes(ctx: Context): Promise<void> {
  const rows = await ctx.db
    .selectFrom('ballot')
    .innerJoin('proposal', 'proposal.id', 'ballot.proposal_id')
    .innerJoin('dao', 'dao.id', 'proposal.dao_id')
    .selectAll('ballot')
    .select('proposal.dao_id')
    .where('dao.chain_id', '=', ctx.chain.id)
    .where('ballot.state', 'in', ['accepted', 'counted', 'final'])
    .where((eb) => eb.or([eb('proposal.state', '=', 'active'), eb('ballot.final_at', 'is', null)]))
    .where((eb) =>
      eb.exists(
        eb
          .selectFrom('vote')
          .select('vote.voter')
          .whereRef('vote.proposal_id', '=', 'ballot.proposal_id')
          .whereRef('vote.voter', '=', 'ballot.voter')
          .where('vote.orphaned_at', 'is', null)
          .where(sql<boolean>`vote.block_number > coalesce(ballot.block_number, 0)`),
      ),
    )
    .orderBy('ballot.accepted_at', 'desc')
    .limit(loose)
    .execute()
  await judgeByDao(ctx, rows)
}

const loose = 200
/** A vote takes days at most to be read and final. */
const looseMs = 7 * 86_400_000

async function judgeByDao(ctx: Context, rows: readonly (BallotRow & { dao_id: string })[]): Promise<void> {
  for (const [daoId, group] of Map.groupBy(rows, (row) => row.dao_id)) {
    const dao = await daoOf(ctx, { dao_id: daoId })
    if (dao) await judgeBallots(ctx, { dao, rows: group, receipt: undefined })
  }
}

async function finish(ctx: Context, intent: IntentRow, receipt: TransactionReceipt | undefined): Promise<void> {
  await ctx.db.transaction().execute(async (trx) => {
    const done = await trx
      .updateTable('ballot')
      .set({ state: 'final', final_at: new Date(ctx.now()) })
      .where('intent_id', '=', intent.id)
      .where('state', '=', 'counted')
      .where('block_hash', '=', receipt?.blockHash ?? '')
      .returning('id')
      .execute()
    for (const { id } of done) await showBallotCard(ctx, trx, id)
  })
}

/** The block stays in the row, so that the voter can be told what happened. */
async function takeBack(ctx: Context, intent: IntentRow): Promise<void> {
  const rows = await ctx.db.transaction().execute(async (trx) => {
    const undone = await trx
      .updateTable('ballot')
      .set({ state: 'batched', tx_hash: null })
      .where('intent_id', '=', intent.id)
      .where('state', '=', 'counted')
      .where('block_hash', '=', intent.block_hash ?? '')
      .returningAll()
      .execute()
    for (const { id } of undone) await showBallotCard(ctx, trx, id)
    return undone
  })
  await restoreOlder(ctx, intent, rows)
}

/** What a newer ballot had replaced stands again as long as the newer one is not counted. */
async function restoreOlder(ctx: Context, intent: IntentRow, undone: readonly BallotRow[]): Promise<void> {
  const dao = await daoOf(ctx, intent)
  if (!dao) return
  for (const { proposal_id, voter, form, nonce } of undone) {
    if (form !== 'seat') continue
    const rows = await ctx.db
      .selectFrom('ballot')
      .selectAll()
      .where('proposal_id', '=', proposal_id)
      .where('voter', '=', voter)
      .where('form', '=', 'seat')
      .where('nonce', '<', nonce)
      .where('state', '=', 'superseded')
      .where('intent_id', 'is not', null)
      .execute()
    await judgeBallots(ctx, { dao, rows, receipt: undefined })
  }
}

const ballotsIn = (ctx: Context, intent: IntentRow): Promise<BallotRow[]> =>
  ctx.db.selectFrom('ballot').selectAll().where('intent_id', '=', intent.id).where('state', '<>', 'final').execute()

async function daoOf(ctx: Context, { dao_id }: Pick<IntentRow, 'dao_id'>): Promise<DaoRow | undefined> {
  if (dao_id === null) return undefined
  return ctx.db.selectFrom('dao').selectAll().where('id', '=', dao_id).executeTakeFirst()
}
