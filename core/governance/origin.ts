import type { Address } from 'viem'
import type { Context } from '../context.ts'
import { ask } from '../chain/ask.ts'

/**
 * The block in which a contract was made, by halving: it has code from then on. Undefined where the node keeps no old
 * state; then its past cannot be found.
 */
export async function originBlock(
  ctx: Pick<Context, 'chain'>,
  params: { address: Address; head: bigint },
): Promise<bigint | undefined> {
  const hasCode = (blockNumber: bigint): Promise<boolean | undefined> =>
    ctx.chain.client.getCode({ address: params.address, blockNumber }).then(
      (code) => code !== undefined && code !== '0x',
      () => undefined,
    )
  let [low, high] = [0n, params.head]
  if (!(await ask(() => hasCode(high)))) return undefined
  while (low < high) {
    const middle = (low + high) / 2n
    const found = await hasCode(middle)
    if (found === undefined) return undefined
    if (found) high = middle
    else low = middle + 1n
  }
  return low
}
