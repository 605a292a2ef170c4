import { expect, test } from 'vitest'
import { autoDao as abi, ozGovernor } from '../../contracts/generated.ts'
import { times, world } from './world.ts'

test('both DAOs of a test world take proposals, and its voters have weight and seats', async () => {
  const all = await world()
  try {
    for (const dao of [all.autoDao, all.ozDao]) {
      const { onchainId } = await all.propose(dao, '# Hello')
      await all.chain.travel(times.votingDelay + 1)
      const state = await all.chain.client.readContract({
        abi: ozGovernor.abi,
        address: dao.dao,
        functionName: 'state',
        args: [onchainId],
      })
      expect(state).toBe(1)
    }
    const [seat] = await all.chain.client.readContract({
      abi: abi.abi,
      address: all.autoDao.dao,
      functionName: 'seatOf',
      args: [all.voters[4]!.address],
    })
    expect(seat).toBe(5)
  } finally {
    await all.stop()
  }
})
