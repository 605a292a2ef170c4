import { encodeFunctionData, erc20Abi, type Address } from 'viem'
import { chief } from '../../contracts/generated.ts'
import { openAction, type Step } from '../actions/open.ts'
import type { Context } from '../context.ts'
import { UserError } from '../errors.ts'
import { ask } from '../governance/ask.ts'
import { tokenOf } from '../governance/token.ts'
import type { Person } from '../identity/person.ts'
import type { Caller } from '../platform.ts'
import { amount } from '../views/amount.ts'
import { unitsOf } from './calls.ts'
import type { NomicDao } from './contracts.ts'
import { lockersOf } from './locker.ts'

export type LockPage = { url: string; expiresAt: number; wallet: Address; words: string; isMore: boolean }
type Asked = { person: Person; caller: Caller; dao: NomicDao; amount: string }

/** A page on which the wallet that holds most locks NOMIC in the chief: it lets the chief take it, and the chief takes it. */
export async function openLock(ctx: Context, { person, caller, dao, ...asked }: Asked): Promise<LockPage> {
  const token = await tokenOf(ctx, dao)
  const lockers = await lockersOf(ctx, dao, person)
  const [most] = lockers.toSorted((a, b) => (a.free < b.free ? 1 : -1))
  if (!most || most.free === 0n)
    throw new UserError(`None of your linked wallets holds ${token.symbol} that could be locked.`, { hint: '/whoami' })
  const sum = asked.amount.toLowerCase() === 'all' ? most.free : unitsOf(asked.amount, token)
  assertSum(sum, most.free, `Your wallet holds ${amount(most.free, token)}`)
  const words = amount(sum, token)
  const allowance = await ask(() =>
    ctx.chain.client.readContract({
      abi: erc20Abi,
      address: dao.token as Address,
      functionName: 'allowance',
      args: [most.wallet, dao.chief],
    }),
  )
  const approve: Step = {
    kind: 'send',
    label: `Let the chief take ${words}`,
    to: dao.token as Address,
    data: encodeFunctionData({ abi: erc20Abi, functionName: 'approve', args: [dao.chief, sum] }),
  }
  const lock: Step = {
    kind: 'send',
    label: `Lock ${words} in the chief`,
    to: dao.chief,
    data: encodeFunctionData({ abi: chief.abi, functionName: 'lock', args: [sum] }),
  }
  const { url, expiresAt } = await openAction(ctx, {
    person,
    caller,
    wallet: most.wallet,
    title: `Lock ${words}`,
    about:
      'What is locked stays yours, keeps its voice in polls, and can be freed at any time. With it you approve of spells.',
    rows: { Amount: words, 'Locked so far': amount(most.locked, token) },
    steps: allowance >= sum ? [lock] : [approve, lock],
    next: [
      { label: 'Spells to approve of', run: 'spell' },
      { label: 'How the hat stands', run: `nomic ${dao.slug}` },
    ],
  })
  return { url, expiresAt, wallet: most.wallet, words, isMore: most.approves.length > 0 }
}

/** A page on which a wallet takes back what it has locked; nothing can forbid that. */
export async function openFree(ctx: Context, { person, caller, dao, ...asked }: Asked): Promise<LockPage> {
  const token = await tokenOf(ctx, dao)
  const [most] = await lockersOf(ctx, dao, person)
  if (!most || most.locked === 0n)
    throw new UserError('None of your linked wallets has anything locked.', { hint: `/nomic ${dao.slug}` })
  const sum = asked.amount.toLowerCase() === 'all' ? most.locked : unitsOf(asked.amount, token)
  assertSum(sum, most.locked, `Your wallet has locked ${amount(most.locked, token)}`)
  const words = amount(sum, token)
  const { url, expiresAt } = await openAction(ctx, {
    person,
    caller,
    wallet: most.wallet,
    title: `Free ${words}`,
    about: 'It goes back to your wallet at once. What you approve of loses as much.',
    rows: { Amount: words, 'Locked so far': amount(most.locked, token) },
    steps: [
      {
        kind: 'send',
        label: `Free ${words} from the chief`,
        to: dao.chief,
        data: encodeFunctionData({ abi: chief.abi, functionName: 'free', args: [sum] }),
      },
    ],
    next: [{ label: 'How the hat stands', run: `nomic ${dao.slug}` }],
  })
  return { url, expiresAt, wallet: most.wallet, words, isMore: most.approves.length > 0 }
}

function assertSum(sum: bigint, most: bigint, has: string): void {
  if (sum === 0n) throw new UserError('The amount has to be more than nothing.')
  if (sum > most) throw new UserError(`${has}, which is less than that.`, { hint: 'Type a smaller amount, or all.' })
}
