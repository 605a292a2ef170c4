import type { Context } from '../context.ts'
import { RetryableError } from '../errors.ts'

/** The newest block, and the newest one that no reorg can take back. */
export async function chainHeads(ctx: Pick<Context, 'chain'>): Promise<{ head: bigint; final: bigint }> {
  const { client, finalityDepth } = ctx.chain
  try {
    const [head, finalized] = await Promise.all([
      client.getBlockNumber({ cacheTime: 0 }),
      client.getBlock({ blockTag: 'finalized' }).catch(() => undefined),
    ])
    // Some chains answer with the genesis block for ever.
    if (finalized && finalized.number > 0n) return { head, final: finalized.number }
    const depth = BigInt(finalityDepth)
    return { head, final: head > depth ? head - depth : 0n }
  } catch (cause) {
    throw new RetryableError('The chain does not answer.', { cause })
  }
}

/**
 * Whether something holds at the newest final block as well. A node may have let go of that block's state, or the contract was
 * not there yet: then it does not hold so far, and is asked again later.
 */
export async function holdsFinally(
  ctx: Pick<Context, 'chain'>,
  holds: (block: bigint) => Promise<boolean>,
): Promise<boolean> {
  const { final } = await chainHeads(ctx)
  return await holds(final).catch(() => false)
}
