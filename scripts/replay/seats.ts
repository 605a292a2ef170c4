import type { Address } from 'viem'
import { autoDao } from '../../contracts/generated.ts'
import { until } from './wait.ts'
import type { Stage } from './stage.ts'
import { walletOf } from './voter.ts'

/** A seat counts from the next proposal on, so everybody has to sit before there is one. */
export async function waitForSeats(
  { client }: Stage,
  houses: readonly { dao: Address; holders: number }[],
): Promise<void> {
  for (const { dao, holders } of houses) {
    let seated = 0
    await until(`the seats of ${holders} voters in ${dao}`, 180_000, async () => {
      // Those before are seated already.
      for (; seated < holders; seated += 1) {
        const args = [walletOf(seated).address] as const
        const [seat] = await client.readContract({ abi: autoDao.abi, address: dao, functionName: 'seatOf', args })
        if (seat === 0) return false
      }
      return true
    })
  }
}
