import { encodeFunctionData, keccak256, parseEther, stringToHex } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { autoDao, nomic } from '../../../contracts/generated.ts'
import { titleOf } from '../../../core/governance/governor/title.ts'
import { sendCall } from '../../../bots/world/deploy.ts'
import {
  act,
  bookChallenge,
  listen,
  meshWorld,
  sendAs,
  shownIn,
  taskNow,
  travel,
  words,
  type MeshWorld,
} from '../../support/mesh.ts'
import { times } from '../../support/world.ts'

let w: MeshWorld
beforeAll(async () => {
  w = await meshWorld()
})
afterAll(() => w.stop())

test('a bid of a DAO whose executive is somebody else is a proposal to it, and happens once it is executed', async () => {
  const ref = `${await bookChallenge(w, 'A book by vote', 'working')}.1`
  const { timelock, dao } = w.autoDao
  expect(await words(w, 'ann', `bid ${ref} 10 1`)).toContain('This takes 10 NOMIC, and Test DAO holds 0 NOMIC.')
  await sendAs(w, w.people.ann.wallet.address, {
    to: w.deployed.nomic,
    data: encodeFunctionData({ abi: nomic.abi, functionName: 'transfer', args: [timelock, parseEther('10')] }),
  })
  expect(await words(w, 'ann', `bid ${ref} 10 1`)).toContain('Test DAO decides it by a vote')
  await act(w, 'ann', `bid ${ref} 10 1`)
  await listen(w)
  const proposal = await w.ctx.db
    .selectFrom('proposal')
    .selectAll()
    .where('title', 'like', 'Bid for %')
    .executeTakeFirstOrThrow()
  expect(titleOf(proposal.description)).toBe(`Bid for ${ref} as Test DAO`)
  expect(await words(w, 'ann', `proposal ${proposal.ref}`)).toContain(
    'bid(task: 0, dao: 1, stake: 10000000000000000000)',
  )
  expect((await taskNow(w, ref)).bids).toEqual([])

  await travel(w, times.votingDelay + 1)
  const id = BigInt(proposal.onchain_id)
  for (const voter of w.voters)
    await sendAs(w, voter.address, {
      to: dao,
      data: encodeFunctionData({ abi: autoDao.abi, functionName: 'castVote', args: [id, 1] }),
    })
  await travel(w, times.votingPeriod + 1)
  const calls = proposal.calls as { target: `0x${string}`; value: string; data: `0x${string}` }[]
  const args = [
    calls.map(({ target }) => target),
    calls.map(({ value }) => BigInt(value)),
    calls.map(({ data }) => data),
    keccak256(stringToHex(proposal.description)),
  ] as const
  await sendCall(w.deployer, { to: dao, data: encodeFunctionData({ abi: autoDao.abi, functionName: 'queue', args }) })
  await travel(w, times.timelockDelay + 1)
  await sendCall(w.deployer, { to: dao, data: encodeFunctionData({ abi: autoDao.abi, functionName: 'execute', args }) })
  await travel(w, 1)
  expect((await taskNow(w, ref)).bids).toEqual([{ dao: 1, stake: parseEther('10').toString() }])
  expect((await shownIn(w, 'auto')).join('\n')).toContain(
    'Test DAO bids for task 1 (Write it) with a stake of 10 NOMIC',
  )
}, 180_000)
