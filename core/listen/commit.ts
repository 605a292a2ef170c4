import { sql } from 'kysely'
import type { Context, Trx } from '../context.ts'
import { announce } from '../governance/announce.ts'
import { applyLogs } from './apply.ts'
import { insertBlocks, isWhole, moveCursor, type Cursor, type Watched } from './cursor.ts'
import type { ChainLog } from './events.ts'
import { logOf } from './log.ts'
import { applyMoves } from './moves.ts'
import type { Header } from '../chain/header.ts'
import type { Known, Stretch } from './block.ts'
import { unready } from '../chain/header.ts'
import { project } from './project.ts'

type Writing = Pick<Context, 'db' | 'chain' | 'queue' | 'kinds'>

const rowsAtOnce = 1_000

/**
 * Writes what was read behind the cursor: what a reorg took back, blocks, logs, what they mean, jobs and the cursor, all
 * or nothing.
 */
export async function commitLive(
  ctx: Writing,
  params: {
    cursor: Cursor
    ancestor?: Known | undefined
    stretch: Stretch
    final: bigint
    span: number
    watched: readonly Watched[]
    tokens: readonly string[]
  },
): Promise<Cursor> {
  const { cursor, ancestor, stretch, final, span, watched, tokens } = params
  const { number, hash } = stretch.to
  return ctx.db.transaction().execute(async (trx) => {
    const moved = await moveCursor(ctx, trx, cursor, { number, hash, final, span })
    const gone = ancestor ? await takeBack(ctx, trx, ancestor) : []
    await insertStretch(ctx, trx, stretch)
    await applyMoves(ctx, trx, { ...stretch, logs: stretch.logs.filter(({ address }) => tokens.includes(address)) })
    for (const contract of watched.map((each) => (ancestor ? rewound(each, ancestor) : each))) {
      // Until its past is read a contract's logs are only kept, so that proposals are numbered in the order of the chain.
      if (!isWhole(contract)) continue
      const isOurs = ({ address }: { address: string }): boolean => address === contract.address
      const logs = stretch.logs.filter(isOurs)
      if ('dao' in contract) await applyLogs(ctx, trx, { dao: contract.dao, logs })
      else await project(ctx, trx, { part: contract.part, logs: [...gone.filter(isOurs), ...logs] })
    }
    return moved
  })
}

/** Writes a stretch of one contract's past; the cursor stays where it is. The last one closes the gap to the live part. */
export async function commitPast(
  ctx: Writing,
  params: { cursor: Cursor; stretch: Stretch; span: number; contract: Watched },
): Promise<Cursor> {
  const { cursor, stretch, span, contract } = params
  const { address, liveFrom } = contract
  return ctx.db.transaction().execute(async (trx) => {
    const moved = await moveCursor(ctx, trx, cursor, { span })
    await insertStretch(ctx, trx, stretch)
    if ('dao' in contract) await applyLogs(ctx, trx, { dao: contract.dao, logs: stretch.logs })
    const readTo = stretch.to.number
    await trx
      .updateTable('coverage')
      .set({ read_to: readTo.toString() })
      .where('chain_id', '=', ctx.chain.id)
      .where('address', '=', address)
      .execute()
    if (readTo >= liveFrom - 1n) {
      if ('dao' in contract)
        await applyLogs(ctx, trx, { dao: contract.dao, logs: await keptLogs(ctx, trx, { address, from: liveFrom }) })
      else await project(ctx, trx, { part: contract.part, logs: await keptLogs(ctx, trx, { address, from: 0n }) })
    }
    return moved
  })
}

const rewound = (contract: Watched, { number }: Known): Watched => ({
  ...contract,
  readTo: contract.readTo < number ? contract.readTo : number,
  liveFrom: contract.liveFrom <= number ? contract.liveFrom : number + 1n,
})

async function insertStretch(ctx: Writing, trx: Trx, { headers, logs }: Stretch): Promise<void> {
  await refuseContradiction(ctx, trx, headers)
  for (let from = 0; from < headers.length; from += rowsAtOnce)
    await insertBlocks(ctx, trx, headers.slice(from, from + rowsAtOnce))
  for (let from = 0; from < logs.length; from += rowsAtOnce)
    await trx
      .insertInto('log')
      .values(
        logs.slice(from, from + rowsAtOnce).map((log) => ({
          chain_id: ctx.chain.id,
          block_hash: log.blockHash,
          log_index: log.index,
          block_number: log.blockNumber.toString(),
          address: log.address,
          tx_hash: log.tx,
          topics: log.topics,
          data: log.data,
          orphaned_at: null,
        })),
      )
      .onConflict((conflict) =>
        conflict.columns(['chain_id', 'block_hash', 'log_index']).doUpdateSet({ orphaned_at: null }),
      )
      .execute()
}

/** One height has one block: another one than we know means that a reorg is still to be found. */
async function refuseContradiction(ctx: Writing, trx: Trx, headers: readonly Header[]): Promise<void> {
  const hashes = new Map(headers.map(({ number, hash }) => [number.toString(), hash]))
  if (hashes.size === 0) return
  const rows = await trx
    .selectFrom('block')
    .select(['number', 'hash'])
    .where('chain_id', '=', ctx.chain.id)
    .where('orphaned_at', 'is', null)
    .where(sql<boolean>`number = any(${[...hashes.keys()]}::numeric[])`)
    .execute()
  if (rows.some((row) => hashes.get(row.number) !== row.hash)) throw unready('The chain changed while it was read.')
}

/** Marks what stood in blocks above the ancestor, and answers with its logs. Cards of proposals that are gone are drawn anew; the rest is asked again. */
async function takeBack(ctx: Writing, trx: Trx, ancestor: Known): Promise<Pick<ChainLog, 'address' | 'topics'>[]> {
  const above = ancestor.number.toString()
  const now = new Date()
  const here = trx.selectFrom('dao').select('dao.id').where('dao.chain_id', '=', ctx.chain.id)
  await trx
    .updateTable('block')
    .set({ orphaned_at: now })
    .where('chain_id', '=', ctx.chain.id)
    .where('number', '>', above)
    .where('orphaned_at', 'is', null)
    .execute()
  const logs = await trx
    .updateTable('log')
    .set({ orphaned_at: now })
    .where('chain_id', '=', ctx.chain.id)
    .where('block_number', '>', above)
    .where('orphaned_at', 'is', null)
    .returning(['address', 'topics'])
    .execute()
  await trx
    .updateTable('power_move')
    .set({ orphaned_at: now })
    .where('chain_id', '=', ctx.chain.id)
    .where('block_number', '>', above)
    .where('orphaned_at', 'is', null)
    .execute()
  await trx
    .updateTable('vote')
    .set({ orphaned_at: now })
    .where('block_number', '>', above)
    .where('orphaned_at', 'is', null)
    .where('proposal_id', 'in', trx.selectFrom('proposal').select('id').where('dao_id', 'in', here))
    .execute()
  const gone = await trx
    .updateTable('proposal')
    .set({ orphaned_at: now, final: false })
    .where('dao_id', 'in', here)
    .where('block_number', '>', above)
    .where('orphaned_at', 'is', null)
    .returning(['id', 'announced'])
    .execute()
  for (const { id, announced } of gone)
    if (announced) await ctx.queue.send(trx, announce, { proposalId: id }, { key: id })
  await trx
    .updateTable('proposal')
    .set({ stale: true, final: false })
    .where('dao_id', 'in', here)
    .where('orphaned_at', 'is', null)
    .where('tally_block', '>', above)
    .execute()
  await trx
    .updateTable('coverage')
    .set((eb) => ({
      live_from: eb.fn<string>('least', ['live_from', eb.val((ancestor.number + 1n).toString())]),
      read_to: eb.fn<string>('least', ['read_to', eb.val(above)]),
    }))
    .where('chain_id', '=', ctx.chain.id)
    .execute()
  return logs.map(({ address, topics }) => ({ address, topics: topics as ChainLog['topics'] }))
}

async function keptLogs(
  ctx: Writing,
  trx: Trx,
  { address, from }: { address: string; from: bigint },
): Promise<ChainLog[]> {
  const rows = await trx
    .selectFrom('log')
    .selectAll()
    .where('chain_id', '=', ctx.chain.id)
    .where('address', '=', address)
    .where('block_number', '>=', from.toString())
    .where('orphaned_at', 'is', null)
    .orderBy('block_number')
    .orderBy('log_index')
    .execute()
  return rows.map(logOf)
}
