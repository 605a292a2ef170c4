import { decodeAbiParameters, getAddress, parseAbiParameters, slice, toEventSelector, type Hex } from 'viem'
import type { Context, Trx } from '../context.ts'
import { powerMoved } from '../governance/power-moved.ts'
import type { ChainLog } from './events.ts'
import type { Header } from '../chain/header.ts'

/** What a token with delegated votes logs whenever a delegate's votes change (ERC-5805). */
export const moveTopic: Hex = toEventSelector('DelegateVotesChanged(address,uint256,uint256)')

const votes = parseAbiParameters('uint256, uint256')
const atOnce = 1_000

/** The tokens of the DAOs that are watched on this chain, in lower case: heard of from now on, never of their past. */
export async function watchedTokens(ctx: Pick<Context, 'db' | 'chain'>): Promise<string[]> {
  const rows = await ctx.db
    .selectFrom('dao')
    .select('token')
    .distinct()
    .where('chain_id', '=', ctx.chain.id)
    .where('token', 'is not', null)
    .execute()
  return rows.flatMap(({ token }) => token?.toLowerCase() ?? [])
}

/** Writes what tokens logged of their delegates. Doing it twice changes nothing. */
export async function applyMoves(
  ctx: Pick<Context, 'chain' | 'queue'>,
  trx: Trx,
  { logs, headers }: { logs: readonly ChainLog[]; headers: readonly Header[] },
): Promise<void> {
  const times = new Map(headers.map(({ hash, time }) => [hash, time]))
  const rows = logs.flatMap((log) => {
    const move = moveOf(log)
    const time = times.get(log.blockHash)
    if (!move || time === undefined) return []
    return [
      {
        ...move,
        block_hash: log.blockHash,
        log_index: log.index,
        chain_id: ctx.chain.id,
        block_number: log.blockNumber.toString(),
        at: new Date(Number(time) * 1_000),
        tx_hash: log.tx,
        token: log.address,
        orphaned_at: null,
      },
    ]
  })
  if (rows.length === 0) return
  for (let from = 0; from < rows.length; from += atOnce)
    await trx
      .insertInto('power_move')
      .values(rows.slice(from, from + atOnce))
      .onConflict((conflict) => conflict.columns(['block_hash', 'log_index']).doUpdateSet({ orphaned_at: null }))
      .execute()
  await ctx.queue.send(trx, powerMoved, {}, { key: powerMoved.name })
}

/** Undefined for a log that is not what its topic says. */
function moveOf({ topics: [topic, delegate], data }: ChainLog) {
  if (topic !== moveTopic || !delegate) return undefined
  try {
    const [previous, current] = decodeAbiParameters(votes, data)
    return {
      delegate: getAddress(slice(delegate, 12)),
      previous: previous.toString(),
      current: current.toString(),
    }
  } catch {
    return undefined
  }
}
