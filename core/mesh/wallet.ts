import { encodeFunctionData, erc20Abi, getAddress, type Address, type Hex } from 'viem'
import type { Step } from '../actions/open.ts'
import type { Context } from '../context.ts'
import { UserError } from '../errors.ts'
import { ask } from '../chain/ask.ts'
import type { Token } from '../chain/token.ts'
import type { Person } from '../command.ts'
import { amount } from '../amount.ts'

/** A call in words. */
export type Call = { to: Address; data: Hex; label: string }

export const stepOf = ({ to, data, label }: Call): Step => ({ kind: 'send', to, data, label })

const balanceOf = (ctx: Pick<Context, 'chain'>, token: string, account: string): Promise<bigint> =>
  ask(() =>
    ctx.chain.client.readContract({
      abi: erc20Abi,
      address: token as Address,
      functionName: 'balanceOf',
      args: [account as Address],
    }),
  )

/** The wallet of a person that holds most of a token, and how much that is. */
export async function richestWallet(
  ctx: Pick<Context, 'chain'>,
  { person, token }: { person: Person; token: string },
): Promise<{ address: string; holds: bigint }> {
  const held = await Promise.all(
    person.wallets.map(async ({ address }) => ({ address, holds: await balanceOf(ctx, token, address) })),
  )
  const [most] = held.sort((a, b) => (a.holds === b.holds ? 0 : a.holds < b.holds ? 1 : -1))
  if (!most) throw new UserError('This account is not linked to a wallet yet.', { hint: '/link', code: 'not-linked' })
  return most
}

/** What lets a contract take an amount, where it may not yet; throws when the account does not hold so much. */
export async function approval(
  ctx: Pick<Context, 'chain'>,
  params: { token: string; unit: Token; owner: string; spender: string; value: bigint; who: string },
): Promise<Call[]> {
  const { unit, value, who } = params
  const [token, owner, spender] = [params.token, params.owner, params.spender].map((each) => getAddress(each)) as [
    Address,
    Address,
    Address,
  ]
  const holds = await balanceOf(ctx, token, owner)
  if (holds < value)
    throw new UserError(`This takes ${amount(value, unit)}, and ${who} holds ${amount(holds, unit)}.`, {
      hint: 'Take a smaller amount, or send it some first.',
      code: 'balance',
    })
  const allowed = await ask(() =>
    ctx.chain.client.readContract({ abi: erc20Abi, address: token, functionName: 'allowance', args: [owner, spender] }),
  )
  if (allowed >= value) return []
  return [
    {
      to: token,
      data: encodeFunctionData({ abi: erc20Abi, functionName: 'approve', args: [spender, value] }),
      label: `Let the challenge take ${amount(value, unit)}`,
    },
  ]
}
