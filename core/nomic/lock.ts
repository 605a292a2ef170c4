import { encodeFunctionData, erc20Abi, getAddress, type Address } from 'viem'
import { chief, nomic } from '../../contracts/generated.ts'
import { openAction, type Step } from '../actions/open.ts'
import type { Context } from '../context.ts'
import { UserError } from '../errors.ts'
import { ask } from '../chain/ask.ts'
import { tokenOf } from '../chain/token.ts'
import type { Person } from '../command.ts'
import type { Caller } from '../platform.ts'
import { amount } from '../amount.ts'
import { unitsOf } from './calls.ts'
import type { NomicDao } from './contracts.ts'
import { lockersOf } from './locker.ts'

const permitTypes = {
  Permit: [
    { name: 'owner', type: 'address' },
    { name: 'spender', type: 'address' },
    { name: 'value', type: 'uint256' },
    { name: 'nonce', type: 'uint256' },
    { name: 'deadline', type: 'uint256' },
  ],
}
const freeTypes = {
  Free: [
    { name: 'account', type: 'address' },
    { name: 'amount', type: 'uint96' },
    { name: 'nonce', type: 'uint256' },
    { name: 'deadline', type: 'uint256' },
  ],
}
const signatureSeconds = 86_400n

export type LockPage = {
  url: string
  expiresAt: number
  wallet: Address
  words: string
  isMore: boolean
  isSigned: boolean
}
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
  const { url, expiresAt } = await openAction(ctx, {
    person,
    caller,
    wallet: most.wallet,
    title: `Lock ${words}`,
    about:
      'What is locked stays yours, keeps its voice in polls, and can be freed at any time. With it you approve of spells.',
    rows: { Amount: words, 'Locked so far': amount(most.locked, token) },
    steps: await lockSteps(ctx, dao, { person, wallet: most.wallet, sum, words }),
    next: [
      { label: 'Spells to approve of', run: 'spell' },
      { label: 'How the hat stands', run: `nomic ${dao.slug}` },
    ],
  })
  const isSigned = canPermit(ctx, person, most.wallet)
  return { url, expiresAt, wallet: most.wallet, words, isMore: most.approves.length > 0, isSigned }
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
    steps: [await freeStep(ctx, dao, { wallet: most.wallet, sum, words })],
    next: [{ label: 'How the hat stands', run: `nomic ${dao.slug}` }],
  })
  const isSigned = ctx.chain.relayer !== undefined
  return { url, expiresAt, wallet: most.wallet, words, isMore: most.approves.length > 0, isSigned }
}

function assertSum(sum: bigint, most: bigint, has: string): void {
  if (sum === 0n) throw new UserError('The amount has to be more than nothing.')
  if (sum > most) throw new UserError(`${has}, which is less than that.`, { hint: 'Type a smaller amount, or all.' })
}

type Locking = { wallet: Address; sum: bigint; words: string }

/** A permit is signed by a key; a contract wallet sends by itself, and so does everybody where nobody relays. */
const canPermit = (ctx: Pick<Context, 'chain'>, person: Person, wallet: Address): boolean =>
  ctx.chain.relayer !== undefined &&
  person.wallets.some(({ address, verified }) => getAddress(address) === wallet && verified === 'eoa')

/** One signature where that is enough; else the wallet lets the chief take it, and has it taken. */
async function lockSteps(
  ctx: Context,
  dao: NomicDao,
  { person, wallet, sum, words }: Locking & { person: Person },
): Promise<Step[]> {
  const { client } = ctx.chain
  const token = dao.token as Address
  if (canPermit(ctx, person, wallet)) {
    const [[, name, version], nonce, deadline] = await ask(() =>
      Promise.all([
        client.readContract({ abi: nomic.abi, address: token, functionName: 'eip712Domain' }),
        client.readContract({ abi: nomic.abi, address: token, functionName: 'nonces', args: [wallet] }),
        deadlineOf(ctx),
      ]),
    )
    return [
      {
        kind: 'sign',
        label: `Lock ${words} in the chief`,
        typedData: {
          domain: { name, version, chainId: ctx.chain.id, verifyingContract: token },
          types: permitTypes,
          primaryType: 'Permit',
          message: { owner: wallet, spender: dao.chief, value: sum, nonce, deadline },
        },
        relay: {
          to: dao.chief,
          abi: 'function lockWithPermit(address account, uint96 amount, uint256 deadline, uint8 v, bytes32 r, bytes32 s)',
          args: [wallet, sum, deadline, '$v', '$r', '$s'],
        },
      },
    ]
  }
  const allowance = await ask(() =>
    client.readContract({ abi: erc20Abi, address: token, functionName: 'allowance', args: [wallet, dao.chief] }),
  )
  const approve: Step = {
    kind: 'send',
    label: `Let the chief take ${words}`,
    to: token,
    data: encodeFunctionData({ abi: erc20Abi, functionName: 'approve', args: [dao.chief, sum] }),
  }
  const lock: Step = {
    kind: 'send',
    label: `Lock ${words} in the chief`,
    to: dao.chief,
    data: encodeFunctionData({ abi: chief.abi, functionName: 'lock', args: [sum] }),
  }
  return allowance >= sum ? [lock] : [approve, lock]
}

async function freeStep(ctx: Context, dao: NomicDao, { wallet, sum, words }: Locking): Promise<Step> {
  const label = `Free ${words} from the chief`
  if (!ctx.chain.relayer)
    return {
      kind: 'send',
      label,
      to: dao.chief,
      data: encodeFunctionData({ abi: chief.abi, functionName: 'free', args: [sum] }),
    }
  const [nonce, deadline] = await ask(() =>
    Promise.all([
      ctx.chain.client.readContract({ abi: chief.abi, address: dao.chief, functionName: 'nonces', args: [wallet] }),
      deadlineOf(ctx),
    ]),
  )
  return {
    kind: 'sign',
    label,
    typedData: {
      domain: { name: 'Nomic Chief', version: '1', chainId: ctx.chain.id, verifyingContract: dao.chief },
      types: freeTypes,
      primaryType: 'Free',
      message: { account: wallet, amount: sum, nonce, deadline },
    },
    relay: {
      to: dao.chief,
      abi: 'function freeBySig(address account, uint96 amount, uint256 nonce, uint256 deadline, bytes signature)',
      args: [wallet, sum, nonce, deadline, '$signature'],
    },
  }
}

const deadlineOf = async (ctx: Pick<Context, 'chain'>): Promise<bigint> =>
  (await ctx.chain.client.getBlock()).timestamp + signatureSeconds
