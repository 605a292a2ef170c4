import { erc20Abi, getAddress, parseAbi, zeroAddress, type Address } from 'viem'
import type { Context } from '../context.ts'
import type { DaoRow } from '../db/tables/governance.ts'
import { UserError } from '../errors.ts'
import { ask, isRevert } from '../chain/ask.ts'

const votesAbi = parseAbi([
  'function delegates(address account) view returns (address)',
  'function getVotes(address account) view returns (uint256)',
])

/** What the token says of an account now. */
export type DelegateWeight = {
  address: Address
  /** All that it votes with. */
  weight: bigint
  /** What others gave it of that. */
  delegated: bigint
  /** To whom its own tokens are given; undefined when they vote for nobody. */
  gaveTo: Address | undefined
}

export async function delegateWeight(
  ctx: Pick<Context, 'chain'>,
  { dao, account }: { dao: DaoRow; account: string },
): Promise<DelegateWeight> {
  const address = getAddress(account)
  const { client } = ctx.chain
  const token = tokenAddress(dao)
  try {
    const [weight, balance, gaveTo] = await ask(() =>
      Promise.all([
        client.readContract({ abi: votesAbi, address: token, functionName: 'getVotes', args: [address] }),
        client.readContract({ abi: erc20Abi, address: token, functionName: 'balanceOf', args: [address] }),
        client.readContract({ abi: votesAbi, address: token, functionName: 'delegates', args: [address] }),
      ]),
    )
    const own = gaveTo === address ? balance : 0n
    return {
      address,
      weight,
      delegated: weight > own ? weight - own : 0n,
      gaveTo: gaveTo === zeroAddress ? undefined : gaveTo,
    }
  } catch (cause) {
    if (!isRevert(cause)) throw cause
    throw new UserError(`The token of ${dao.name} does not say who delegates to whom.`, { code: 'no-delegates', cause })
  }
}

function tokenAddress(dao: DaoRow): Address {
  if (dao.token !== null) return getAddress(dao.token)
  throw new UserError(`${dao.name} has no token that could be delegated.`, { code: 'no-token' })
}
