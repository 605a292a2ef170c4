import { parseAbi, type Address } from 'viem'
import type { Context } from '../context.ts'
import { ask } from '../chain/ask.ts'
import { barredBy, barredErrors, type Barred } from './barred.ts'
import type { Weighing } from './governor/types.ts'

const governorAbi = [
  ...parseAbi([
    'function getVotes(address account, uint256 timepoint) view returns (uint256)',
    'function getPastVotes(address account, uint256 timepoint) view returns (uint256)',
    'function clock() view returns (uint48)',
  ]),
  ...barredErrors,
] as const
const compAbi = parseAbi(['function getPriorVotes(address account, uint256 blockNumber) view returns (uint256)'])
/** Code that returns the number of the block it runs in. */
const askNumber = '0x4360005260206000f3'

type Chained = Pick<Context, 'chain'>

/** The Nomic DAO has no governor: its polls weigh by the token itself. */
const tokenOfNomic = ({
  kind,
  token,
}: Pick<Weighing, 'kind'> & Partial<Pick<Weighing, 'token'>>): Address | undefined =>
  kind === 'nomic' && token ? (token as Address) : undefined

/** The governor's clock now (ERC-6372): unix seconds or a block number, whatever its `CLOCK_MODE` says. */
export async function governorClock(ctx: Chained, dao: Omit<Weighing, 'token'>): Promise<bigint> {
  // The older ones may have no clock to ask for: they count the blocks that contracts see.
  if (dao.clock === 'blocknumber' && (dao.kind === 'oz4' || dao.kind === 'bravo')) return blockSeen(ctx)
  const contract = { abi: governorAbi, address: tokenOfNomic(dao) ?? (dao.address as Address) } as const
  return BigInt(await ask(() => ctx.chain.client.readContract({ ...contract, functionName: 'clock' })))
}

/** `block.number` as contracts see it; on some chains it is not the number of the chain's own block. */
export async function blockSeen(ctx: Chained): Promise<bigint> {
  const { data = '0x0' } = await ask(() => ctx.chain.client.call({ data: askNumber }))
  return BigInt(data)
}

/**
 * The weight of an account at a past timepoint, as the governor itself will read it, in token base units.
 * A timepoint that is not past yet is answered with the newest past one.
 */
export async function weightAt(
  ctx: Chained,
  params: { dao: Weighing; account: string; timepoint: bigint },
): Promise<bigint> {
  const now = await governorClock(ctx, params.dao)
  const timepoint = params.timepoint < now ? params.timepoint : now - 1n
  const { weight } = await askWeight(ctx, { ...params, timepoint })
  return weight
}

/** What the governor says of a past timepoint; nothing, with the reason, for whom its rules bar. */
export async function askWeight(
  ctx: Chained,
  { dao, account, timepoint }: { dao: Weighing; account: string; timepoint: bigint },
): Promise<{ weight: bigint; barred?: Barred }> {
  const { client } = ctx.chain
  const args = [account as Address, timepoint] as const
  try {
    const token = tokenOfNomic(dao)
    const weight = await ask(() => {
      if (token) return client.readContract({ abi: governorAbi, address: token, functionName: 'getPastVotes', args })
      return dao.kind === 'bravo'
        ? client.readContract({ abi: compAbi, address: dao.token as Address, functionName: 'getPriorVotes', args })
        : client.readContract({ abi: governorAbi, address: dao.address as Address, functionName: 'getVotes', args })
    })
    return { weight }
  } catch (error) {
    const barred = barredBy(error)
    if (!barred) throw error
    return { weight: 0n, barred }
  }
}
