import { showCards, type Card } from '../../chat/outbox.ts'
import type { Context, Trx } from '../../context.ts'
import type { DaoRow } from '../../db/tables/governance.ts'
import { powerMoved } from '../power-moved.ts'
import { supplyOf, tokenOf } from '../../chain/token.ts'
import { quietUntil } from '../../settings/quiet.ts'
import { settingsOfAll } from '../../settings/settings.ts'
import { powerMoveView } from '../views/power-moves.ts'
import { defineJob } from '../../job.ts'

const newsMs = 86_400_000
/** One part in so many of all tokens. */
const bigPart = 100n

type Move = { token: string; tx: string; at: Date; delegate: string; moved: bigint; current: bigint }

/** Tells the channels that want it of every move of more than one percent of all votes: once, and never of history. */
export const powerMovedJob = defineJob({
  ...powerMoved,
  retry: { limit: 20, delayMs: 1_000, backoff: true },
  concurrency: 1,
  expireSeconds: 60,
  async run(ctx: Context) {
    const moves = await newMoves(ctx)
    if (moves.length === 0) return
    const daos = await ctx.db
      .selectFrom('dao')
      .selectAll()
      .where('chain_id', '=', ctx.chain.id)
      .where('token', 'is not', null)
      .execute()
    const big = await Promise.all(
      daos.map(async (dao) => {
        const own = moves.filter(({ token }) => token === dao.token?.toLowerCase())
        if (own.length === 0) return []
        const supply = await supplyOf(ctx, dao)
        const some = own.filter(({ moved }) => (moved < 0n ? -moved : moved) * bigPart > supply)
        const token = await tokenOf(ctx, dao)
        return [...Map.groupBy(some, ({ tx }) => tx).values()].map((of) => ({ dao, token, supply, moves: of }))
      }),
    )
    await ctx.db.transaction().execute(async (trx) => {
      const { cards, held } = await cardsOf(ctx, trx, big.flat())
      await showCards(trx, ctx.queue, cards)
      const txs = [...new Set(moves.map(({ tx }) => tx))].filter((tx) => !held.txs.has(tx))
      if (txs.length > 0) await trx.updateTable('power_move').set({ noted: true }).where('tx_hash', 'in', txs).execute()
      if (held.until !== undefined)
        await ctx.queue.send(
          trx,
          powerMoved,
          {},
          { key: powerMoved.name, afterMs: Math.max(held.until - ctx.now(), 1_000) },
        )
    })
  },
})

/** What one transaction did to one delegate, all in all. */
async function newMoves(ctx: Pick<Context, 'db' | 'chain'>): Promise<Move[]> {
  const rows = await ctx.db
    .selectFrom('power_move')
    .select(['token', 'tx_hash as tx', 'at', 'delegate', 'previous', 'current'])
    .where('chain_id', '=', ctx.chain.id)
    .where('noted', '=', false)
    .where('orphaned_at', 'is', null)
    .orderBy('block_number')
    .orderBy('log_index')
    .execute()
  return [...Map.groupBy(rows, ({ token, tx, delegate }) => `${token}/${tx}/${delegate}`).values()].map((steps) => {
    const first = steps[0]!
    const current = BigInt(steps.at(-1)!.current)
    return { ...first, current, moved: current - BigInt(first.previous) }
  })
}

type Big = { dao: DaoRow; token: { symbol: string; decimals: number }; supply: bigint; moves: Move[] }

async function cardsOf(ctx: Context, trx: Trx, big: readonly Big[]) {
  const cards: Card[] = []
  const held: { txs: Set<string>; until: number | undefined } = { txs: new Set(), until: undefined }
  for (const { dao, moves, ...more } of big) {
    const { at, tx } = moves[0]!
    if (ctx.now() - at.getTime() > newsMs) continue
    const channels = await trx
      .selectFrom('subscription')
      .select(['platform', 'channel as id'])
      .where('dao_id', '=', dao.id)
      .execute()
    const settings = await settingsOfAll({ db: trx }, { channels, daoId: dao.id })
    const view = powerMoveView({ dao, moves, tx, ...more })
    for (const channel of channels) {
      const wanted = settings(channel)
      if (!wanted.events.power) continue
      const until = quietUntil(wanted, ctx.now())
      if (until !== undefined) {
        held.txs.add(tx)
        held.until = Math.min(held.until ?? until, until)
        continue
      }
      const { platform, id } = channel
      cards.push({ key: `power/${dao.id}/${tx}/${platform}/${id}`, platform, channel: id, view })
    }
  }
  return { cards, held }
}
