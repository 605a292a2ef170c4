import { parseAbi, type Address } from 'viem'
import type { Context } from '../context.ts'
import type { DaoRow } from '../db/tables/governance.ts'
import { ask } from './ask.ts'

const governorAbi = parseAbi([
  'function getVotes(address account, uint256 timepoint) view returns (uint256)',
  'function getPastVotes(address account, uint256 timepoint) view returns (uint256)',
  'function clock() view returns (uint48)',
])

/** The Nomic DAO has no governor: its polls weigh by the token itself. */
type Weighed = Pick<DaoRow, 'address'> & Partial<Pick<DaoRow, 'kind' | 'token'>>
const sourceOf = (dao: Weighed): Address => (dao.kind === 'nomic' && dao.token ? dao.token : dao.address) as Address

/** The governor's clock now (ERC-6372): unix seconds or a block number, whatever its `CLOCK_MODE` says. */
export async function governorClock(ctx: Pick<Context, 'chain'>, dao: Weighed): Promise<bigint> {
  return BigInt(
    await ask(() => ctx.chain.client.readContract({ abi: governorAbi, address: sourceOf(dao), functionName: 'clock' })),
  )
}

/**
 * The weight of an account at a past timepoint, as the governor itself will read it, in token base units.
 * A timepoint that is not past yet is answered with the newest past one.
 */
export async function weightAt(
  ctx: Pick<Context, 'chain'>,
  params: { dao: Weighed; account: string; timepoint: bigint },
): Promise<bigint> {
  const now = await governorClock(ctx, params.dao)
  const timepoint = params.timepoint < now ? params.timepoint : now - 1n
  return ask(() =>
    ctx.chain.client.readContract({
      abi: governorAbi,
      address: sourceOf(params.dao),
      functionName: params.dao.kind === 'nomic' ? 'getPastVotes' : 'getVotes',
      args: [params.account as Address, timepoint],
    }),
  )
}
