import type { Hex } from 'viem'
import type { Context } from '../context.ts'
import type { Cursor } from './cursor.ts'
import { askNode } from '../chain/node.ts'
import type { Known } from './block.ts'
import { headerCall, headerIn, unready } from '../chain/header.ts'

const pageSize = 40

/**
 * Where the chain as it is now leaves the chain as we know it, found by comparing hashes backwards.
 * - `lower`: the node's head is below ours and nothing contradicts us. A node that lags looks exactly like a chain that
 *   was set back, so we wait: the first new block at a height we know will have another hash, and then it is a reorg.
 * - `deep`: no block within the window is common.
 */
export type Fork = { status: 'reorg'; ancestor: Known } | { status: 'lower' } | { status: 'deep' }

export async function findFork(
  ctx: Pick<Context, 'db' | 'chain'>,
  params: { cursor: Cursor; window: bigint },
): Promise<Fork> {
  const { cursor, window } = params
  const floor = cursor.number - window
  let below = cursor.number + 1n
  let contradicted = false
  for (;;) {
    const known = await knownBlocks(ctx, { below, floor })
    if (known.length === 0) return { status: contradicted ? 'deep' : 'lower' }
    const answers = await askNode(
      ctx.chain.url,
      known.map(({ number }) => headerCall(number)),
    )
    for (const [at, block] of known.entries()) {
      const header = headerIn(answers[at])
      if (!header) continue
      if (header.hash !== block.hash) {
        contradicted = true
        continue
      }
      if (contradicted) return { status: 'reorg', ancestor: block }
      if (block.number < cursor.number) return { status: 'lower' }
      throw unready('The chain changed while it was read.')
    }
    below = known.at(-1)!.number
  }
}

async function knownBlocks(
  ctx: Pick<Context, 'db' | 'chain'>,
  { below, floor }: { below: bigint; floor: bigint },
): Promise<Known[]> {
  const rows = await ctx.db
    .selectFrom('block')
    .select(['number', 'hash'])
    .where('chain_id', '=', ctx.chain.id)
    .where('orphaned_at', 'is', null)
    .where('number', '<', below.toString())
    .where('number', '>=', floor.toString())
    .orderBy('number', 'desc')
    .limit(pageSize)
    .execute()
  return rows.map((row) => ({ number: BigInt(row.number), hash: row.hash as Hex }))
}
