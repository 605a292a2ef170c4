import { erc20Abi, getAddress, type Address } from 'viem'
import { chief } from '../../contracts/generated.ts'
import type { Context } from '../context.ts'
import { ask } from '../chain/ask.ts'
import type { Person } from '../command.ts'
import type { NomicDao } from './contracts.ts'

/** What one wallet has in the chief. */
export type Locker = {
  wallet: Address
  seat: number
  locked: bigint
  /** NOMIC that it could lock. */
  free: bigint
  sequence: number
  /** Spells that it approves of, in lower case. */
  approves: string[]
}

/** A person's wallets as the chain has them now, the one with the most locked first. */
export async function lockersOf(ctx: Pick<Context, 'chain'>, dao: NomicDao, person: Person): Promise<Locker[]> {
  const lockers = await Promise.all(person.wallets.map(({ address }) => lockerOf(ctx, dao, getAddress(address))))
  return lockers.toSorted((a, b) => compare(b.locked, a.locked) || compare(b.free, a.free))
}

async function lockerOf(ctx: Pick<Context, 'chain'>, dao: NomicDao, wallet: Address): Promise<Locker> {
  const { client } = ctx.chain
  const contract = { abi: chief.abi, address: dao.chief } as const
  const [seat, free] = await ask(() =>
    Promise.all([
      client.readContract({ ...contract, functionName: 'seatOf', args: [wallet] }),
      client.readContract({
        abi: erc20Abi,
        address: dao.token as Address,
        functionName: 'balanceOf',
        args: [wallet],
      }),
    ]),
  )
  if (seat === 0) return { wallet, seat, locked: 0n, free, sequence: 0, approves: [] }
  const [, locked, sequence, slate] = await seatInfo(ctx, dao, seat)
  const spells = await ask(() => client.readContract({ ...contract, functionName: 'spellsOf', args: [slate] }))
  return { wallet, seat, locked, free, sequence, approves: spells.map((spell) => spell.toLowerCase()) }
}

/** Account, what is locked, the newest sequence that counted, and its slate; now, or at a block. */
export const seatInfo = (
  ctx: Pick<Context, 'chain'>,
  dao: Pick<NomicDao, 'chief'>,
  seat: number,
  at?: bigint,
): Promise<readonly [Address, bigint, number, number]> =>
  ask(() =>
    ctx.chain.client.readContract({
      abi: chief.abi,
      address: dao.chief,
      functionName: 'seatInfo',
      args: [seat],
      ...(at === undefined ? {} : { blockNumber: at }),
    }),
  )

const compare = (a: bigint, b: bigint): number => (a < b ? -1 : a > b ? 1 : 0)
