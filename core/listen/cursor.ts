import { sql } from 'kysely'
import type { Hex } from 'viem'
import type { Context, Trx } from '../context.ts'
import type { DaoRow, PartRow } from '../db/tables/governance.ts'
import { isGovernor } from '../governance/governor.ts'
import { RetryableError } from '../errors.ts'
import type { Header, Heads } from '../chain/header.ts'
import type { Known } from './block.ts'

/** How far a chain is read. `epoch` is that of this look at it: who writes with an older one is too late. */
export type Cursor = { number: bigint; hash: Hex; epoch: number; final: bigint; span: number }
/** A contract and what was read of it: its past up to `readTo`, and everything from `liveFrom` up to the cursor. */
export type Watched = { address: string; readTo: bigint; liveFrom: bigint } & ({ dao: DaoRow } | { part: PartRow })

type Chained = Pick<Context, 'db' | 'chain'>
const leastWindow = 256n
/** How long one listener has the chain to itself. */
export const turnMs = 15_000

/** Somebody else has read on meanwhile; everything this write was based on is old. */
export class FencedError extends Error {}

/** The newest final block by the node's tag, or by depth where the chain has no tag that moves; it never goes back. */
export function finalNow(ctx: Pick<Context, 'chain'>, { latest, finalized = 0n }: Heads, known = 0n): bigint {
  const depth = BigInt(ctx.chain.finalityDepth)
  const byDepth = latest.number > depth ? latest.number - depth : 0n
  const now = finalized > 0n ? finalized : byDepth
  return now > known ? now : known
}

/** Reorgs are followed this far back. */
export function windowOf(latest: bigint, final: bigint): bigint {
  const twice = 2n * (latest - final)
  return twice > leastWindow ? twice : leastWindow
}

export async function readCursor(ctx: Chained): Promise<Cursor | undefined> {
  const row = await ctx.db.selectFrom('cursor').selectAll().where('chain_id', '=', ctx.chain.id).executeTakeFirst()
  return (
    row && {
      number: BigInt(row.number),
      hash: row.hash as Hex,
      epoch: row.epoch,
      final: BigInt(row.final),
      span: row.span,
    }
  )
}

/** A chain that is new to us is read from a window before its head; what is older is read contract by contract. */
export async function openCursor(ctx: Chained, params: { start: Header; final: bigint; span: number }): Promise<void> {
  const { start, final, span } = params
  await ctx.db.transaction().execute(async (trx) => {
    await insertBlocks(ctx, trx, [start])
    await trx
      .insertInto('cursor')
      .values({
        chain_id: ctx.chain.id,
        number: start.number.toString(),
        hash: start.hash,
        final: final.toString(),
        span,
      })
      .onConflict((conflict) => conflict.doNothing())
      .execute()
  })
}

/** Moves the cursor, in the transaction of what was read; throws when this look at the chain is not the newest one. */
export async function moveCursor(
  ctx: Pick<Context, 'chain'>,
  trx: Trx,
  from: Cursor,
  to: Partial<Known & { final: bigint; span: number }>,
): Promise<Cursor> {
  const moved = { ...from, ...to, epoch: from.epoch + 1 }
  const { numUpdatedRows } = await trx
    .updateTable('cursor')
    .set({
      number: moved.number.toString(),
      hash: moved.hash,
      final: moved.final.toString(),
      span: moved.span,
      epoch: moved.epoch,
    })
    .where('chain_id', '=', ctx.chain.id)
    .where('epoch', '=', from.epoch)
    .executeTakeFirst()
  if (numUpdatedRows === 0n) throw new FencedError('Another listener was faster.')
  return moved
}

/** Every contract that is watched on this chain. */
export async function watchedContracts(ctx: Chained): Promise<Watched[]> {
  const [daos, parts, coverage] = await Promise.all([
    ctx.db.selectFrom('dao').selectAll().where('chain_id', '=', ctx.chain.id).orderBy('id').execute(),
    ctx.db.selectFrom('part').selectAll().where('chain_id', '=', ctx.chain.id).orderBy('created_at').execute(),
    ctx.db.selectFrom('coverage').selectAll().where('chain_id', '=', ctx.chain.id).execute(),
  ])
  const byAddress = new Map(coverage.map((row) => [row.address, row]))
  return [
    ...daos.filter(isGovernor).map((dao) => ({ dao, address: dao.address.toLowerCase() })),
    ...parts.map((part) => ({ part, address: part.address })),
  ].flatMap((contract) => {
    const row = byAddress.get(contract.address)
    return row ? [{ ...contract, readTo: BigInt(row.read_to), liveFrom: BigInt(row.live_from) }] : []
  })
}

/** Everything of this contract up to the cursor is read. */
export const isWhole = ({ readTo, liveFrom }: Watched): boolean => readTo >= liveFrom - 1n

export async function insertBlocks(ctx: Pick<Context, 'chain'>, trx: Trx, headers: readonly Header[]): Promise<void> {
  if (headers.length === 0) return
  await trx
    .insertInto('block')
    .values(
      headers.map(({ number, hash, parent, time }) => ({
        chain_id: ctx.chain.id,
        hash,
        number: number.toString(),
        parent,
        time: time.toString(),
        orphaned_at: null,
      })),
    )
    .onConflict((conflict) => conflict.columns(['chain_id', 'hash']).doUpdateSet({ orphaned_at: null }))
    .execute()
}

/** One listener a chain takes turns; should two run all the same, the epoch keeps their writes apart. */
export async function takeTurn(ctx: Chained, holder: string): Promise<boolean> {
  if (!(await readCursor(ctx))) return true
  const { numUpdatedRows } = await ctx.db
    .updateTable('cursor')
    .set({ holder, held_until: sql`now() + ${turnMs} * interval '1 millisecond'` })
    .where('chain_id', '=', ctx.chain.id)
    .where((eb) =>
      eb.or([eb('holder', 'is', null), eb('holder', '=', holder), eb('held_until', '<', sql<Date>`now()`)]),
    )
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

export async function endTurn(ctx: Chained, holder: string): Promise<void> {
  await ctx.db
    .updateTable('cursor')
    .set({ holder: null, held_until: null })
    .where('chain_id', '=', ctx.chain.id)
    .where('holder', '=', holder)
    .execute()
}

/**
 * Has a contract's logs read from `from` on, in the transaction that makes it known. A look at the chain that does not
 * know of it yet must not count, so the cursor is fenced.
 */
export async function coverContract(
  ctx: Pick<Context, 'chain'>,
  trx: Trx,
  { address, from }: { address: string; from: bigint },
): Promise<{ cursor: bigint }> {
  const row = await trx
    .updateTable('cursor')
    .set((eb) => ({ epoch: eb('epoch', '+', 1) }))
    .where('chain_id', '=', ctx.chain.id)
    .returning('number')
    .executeTakeFirst()
  if (!row) throw new RetryableError('The chain was not read yet.')
  const cursor = BigInt(row.number)
  const first = from <= cursor ? from : cursor + 1n
  await trx
    .insertInto('coverage')
    .values({
      chain_id: ctx.chain.id,
      address: address.toLowerCase(),
      from_block: first.toString(),
      read_to: (first - 1n).toString(),
      live_from: (cursor + 1n).toString(),
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  return { cursor }
}
