import { parseGwei, type LocalAccount } from 'viem'
import type { Context } from '../context.ts'
import { RetryableError, UserError } from '../errors.ts'

export type Fees = { maxFee: bigint; tip: bigint }

/** No transaction of ours is larger, so that one fits a block even where blocks are small or shrink. */
export const maxGas = 8_000_000n

const leastTip = 1_000_000n

export function relayerOf(ctx: Pick<Context, 'chain'>): LocalAccount {
  if (!ctx.chain.relayer) throw new UserError('No relayer is set up here, so nothing can be sent.', { code: 'relayer' })
  return ctx.chain.relayer
}

/** What the market asks now, with room for six full blocks of rising base fee; never above the ceiling. */
export async function quoteFees(ctx: Pick<Context, 'chain' | 'config'>): Promise<Fees & { baseFee: bigint }> {
  const { client } = ctx.chain
  try {
    const [block, asked] = await Promise.all([
      client.getBlock(),
      client.estimateMaxPriorityFeePerGas().catch(() => leastTip),
    ])
    const baseFee = block.baseFeePerGas ?? (await client.getGasPrice())
    const tip = asked > leastTip ? asked : leastTip
    return { baseFee, ...capped(ctx, { maxFee: baseFee * 2n + tip, tip }) }
  } catch (cause) {
    throw new RetryableError('The chain does not answer.', { cause })
  }
}

/**
 * Fees that replace an attempt: nodes ask for 10 % more in both fields, some for 12.5 %. Undefined when the ceiling
 * leaves no room, since a smaller raise would only be refused.
 */
export function raiseFees(ctx: Pick<Context, 'config'>, last: Fees, market: Fees): Fees | undefined {
  const least = { maxFee: raised(last.maxFee), tip: raised(last.tip) }
  const wanted = capped(ctx, {
    maxFee: market.maxFee > least.maxFee ? market.maxFee : least.maxFee,
    tip: market.tip > least.tip ? market.tip : least.tip,
  })
  return wanted.maxFee >= least.maxFee && wanted.tip >= least.tip ? wanted : undefined
}

function capped(ctx: Pick<Context, 'config'>, fees: Fees): Fees {
  const ceiling = parseGwei(ctx.config.RELAY_MAX_FEE_GWEI.toFixed(9))
  const maxFee = fees.maxFee < ceiling ? fees.maxFee : ceiling
  return { maxFee, tip: fees.tip < maxFee ? fees.tip : maxFee }
}

/** 12.5 % more, rounded up. */
const raised = (fee: bigint): bigint => (fee * 9n + 7n) / 8n

/** Gas for a call, with room for what others change before it is mined. */
export async function gasFor(ctx: Pick<Context, 'chain'>, call: { to: string; data: string }): Promise<bigint> {
  const estimate = await ctx.chain.client.estimateGas({
    account: relayerOf(ctx),
    to: call.to as `0x${string}`,
    data: call.data as `0x${string}`,
  })
  return padGas(estimate)
}

function padGas(estimate: bigint): bigint {
  const padded = (estimate * 5n) / 4n + 10_000n
  return padded < maxGas ? padded : maxGas
}
