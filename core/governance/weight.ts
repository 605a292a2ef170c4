import { parseAbi, type Address } from 'viem'
import type { Context } from '../context.ts'
import type { DaoRow } from '../db/tables/governance.ts'
import { ask } from './ask.ts'
import { barredBy, barredErrors, type Barred } from './barred.ts'

const governorAbi = [
  ...parseAbi([
    'function getVotes(address account, uint256 timepoint) view returns (uint256)',
    'function clock() view returns (uint48)',
  ]),
  ...barredErrors,
] as const

/** The governor's clock now (ERC-6372): unix seconds or a block number, whatever its `CLOCK_MODE` says. */
export async function governorClock(ctx: Pick<Context, 'chain'>, dao: Pick<DaoRow, 'address'>): Promise<bigint> {
  return BigInt(
    await ask(() =>
      ctx.chain.client.readContract({ abi: governorAbi, address: dao.address as Address, functionName: 'clock' }),
    ),
  )
}

/**
 * The weight of an account at a past timepoint, as the governor itself will read it, in token base units.
 * A timepoint that is not past yet is answered with the newest past one.
 */
export async function weightAt(
  ctx: Pick<Context, 'chain'>,
  params: { dao: Pick<DaoRow, 'address'>; account: string; timepoint: bigint },
): Promise<bigint> {
  const now = await governorClock(ctx, params.dao)
  const timepoint = params.timepoint < now ? params.timepoint : now - 1n
  const { weight } = await askWeight(ctx, { ...params, timepoint })
  return weight
}

/** What the governor says of a past timepoint; nothing, with the reason, for whom its rules bar. */
export async function askWeight(
  ctx: Pick<Context, 'chain'>,
  params: { dao: Pick<DaoRow, 'address'>; account: string; timepoint: bigint },
): Promise<{ weight: bigint; barred?: Barred }> {
  try {
    const weight = await ask(() =>
      ctx.chain.client.readContract({
        abi: governorAbi,
        address: params.dao.address as Address,
        functionName: 'getVotes',
        args: [params.account as Address, params.timepoint],
      }),
    )
    return { weight }
  } catch (error) {
    const barred = barredBy(error)
    if (!barred) throw error
    return { weight: 0n, barred }
  }
}
