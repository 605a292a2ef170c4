import { erc20Abi, getAddress, parseAbi, zeroAddress, type Address } from 'viem'
import { autoDao } from '../../contracts/generated.ts'
import type { Context } from '../context.ts'
import type { DaoRow } from '../db/tables/governance.ts'
import { RetryableError } from '../errors.ts'
import { isRevert } from '../chain/ask.ts'
import { governorClock, weightAt } from './weight.ts'

const votesAbi = parseAbi([
  'function delegates(address account) view returns (address)',
  'function getVotes(address account) view returns (uint256)',
  'function getCurrentVotes(address account) view returns (uint256)',
])

/** Why a wallet's weight is zero at the named time. */
export type NoPower = 'nothing-held' | 'not-delegated' | 'delegated-away' | 'too-late'

export type WalletPower = {
  address: Address
  /** At the snapshot, token base units. */
  weight: bigint
  /** Now, for proposals to come. */
  weightNow: bigint
  balance: bigint
  delegate: Address | undefined
  why?: NoPower
  /** The seat that makes a vote cheap was taken after the snapshot: the vote still counts, by its own transaction. */
  seatTooLate: boolean
}

export type Power = { symbol: string; decimals: number; timepoint: bigint; isSnapshot: boolean; wallets: WalletPower[] }

/**
 * What a person's wallets weigh in a DAO: at a proposal's snapshot, or now. Each wallet is shown for itself; wallets
 * add up only by delegating to one account, so nothing is ever counted twice.
 */
export async function powerOf(
  ctx: Pick<Context, 'chain'>,
  params: { dao: DaoRow; wallets: readonly string[]; snapshot?: bigint | undefined },
): Promise<Power> {
  const { dao } = params
  const token = dao.token as Address | null
  const clock = await governorClock(ctx, dao)
  const isSnapshot = params.snapshot !== undefined && params.snapshot < clock
  const timepoint = isSnapshot ? params.snapshot! : clock - 1n
  const [symbol, decimals] = token ? await tokenWords(ctx, token) : ['votes', 0]
  const wallets = await Promise.all(
    params.wallets.map((wallet) => walletPower(ctx, { dao, token, wallet: getAddress(wallet), timepoint })),
  )
  return { symbol, decimals, timepoint, isSnapshot, wallets }
}

async function walletPower(
  ctx: Pick<Context, 'chain'>,
  params: { dao: DaoRow; token: Address | null; wallet: Address; timepoint: bigint },
): Promise<WalletPower> {
  const { client } = ctx.chain
  const { dao, token, wallet, timepoint } = params
  const read = token
    ? Promise.all([
        client.readContract({ abi: erc20Abi, address: token, functionName: 'balanceOf', args: [wallet] }),
        client.readContract({ abi: votesAbi, address: token, functionName: 'delegates', args: [wallet] }),
        votesNow(ctx, token, wallet),
      ])
    : Promise.resolve([0n, zeroAddress, 0n] as const)
  const [weight, [balance, delegate, weightNow], since] = await Promise.all([
    weightAt(ctx, { dao, account: wallet, timepoint }),
    read.catch((cause: unknown) => {
      throw new RetryableError('The chain does not answer.', { cause })
    }),
    seatSince(ctx, dao, wallet),
  ])
  const why = weight > 0n ? undefined : reasonOf({ wallet, balance, delegate, weightNow })
  return {
    address: wallet,
    weight,
    weightNow,
    balance,
    delegate: delegate === zeroAddress ? undefined : delegate,
    ...(why ? { why } : {}),
    seatTooLate: since !== undefined && since > timepoint,
  }
}

/** Compound's token and those made like it have another name for it. */
async function votesNow({ chain }: Pick<Context, 'chain'>, token: Address, wallet: Address): Promise<bigint> {
  const asked = { abi: votesAbi, address: token, args: [wallet] } as const
  try {
    return await chain.client.readContract({ ...asked, functionName: 'getVotes' })
  } catch (error) {
    if (!isRevert(error)) throw error
    return chain.client.readContract({ ...asked, functionName: 'getCurrentVotes' })
  }
}

function reasonOf(facts: { wallet: Address; balance: bigint; delegate: Address; weightNow: bigint }): NoPower {
  if (facts.weightNow > 0n) return 'too-late'
  if (facts.balance === 0n) return 'nothing-held'
  return facts.delegate === zeroAddress ? 'not-delegated' : 'delegated-away'
}

async function seatSince(ctx: Pick<Context, 'chain'>, dao: DaoRow, wallet: Address): Promise<bigint | undefined> {
  if (dao.kind !== 'autodao') return undefined
  const [seat, since] = await ctx.chain.client.readContract({
    abi: autoDao.abi,
    address: dao.address as Address,
    functionName: 'seatOf',
    args: [wallet],
  })
  return seat === 0 ? undefined : BigInt(since)
}

async function tokenWords(ctx: Pick<Context, 'chain'>, token: Address): Promise<[string, number]> {
  const { client } = ctx.chain
  return Promise.all([
    client.readContract({ abi: erc20Abi, address: token, functionName: 'symbol' }).catch(() => 'votes'),
    client.readContract({ abi: erc20Abi, address: token, functionName: 'decimals' }).catch(() => 0),
  ])
}
