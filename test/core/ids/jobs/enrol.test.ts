import { afterAll, beforeAll, expect, test } from 'vitest'
import { sql } from 'kysely'
import type { Address } from 'viem'
import { autoDao } from '../../../../contracts/generated.ts'
import { enrolJob } from '../../../../core/ids/jobs/enrol.ts'
import { ballotWorld, finalise, type BallotWorld, settleNow } from '../../../support/ballots.ts'
import { account, caller, linkWallet } from '../../../support/linking.ts'
import { registerAll } from '../../../support/world.ts'

let w: BallotWorld
beforeAll(async () => {
  w = await ballotWorld()
})
afterAll(() => w.stop())

const seatOf = async (counter: Address, of: string) =>
  (
    await w.ctx.chain.client.readContract({
      abi: autoDao.abi,
      address: counter,
      functionName: 'seatOf',
      args: [of as Address],
    })
  )[0]
const enrolments = () =>
  w.ctx.db.selectFrom('intent').selectAll().where('purpose', '=', 'enrol').orderBy('nonce').execute()

test('linked wallets with an Auto ID get a seat in each DAO of ours and in the voice book, in one transaction each', async () => {
  const nomic = w.deployed.nomic
  expect(await seatOf(nomic, w.voters[0]!.address)).toBe(0)
  await enrolJob.run(w.ctx, {})
  // In the DAO everybody sat already, so nothing was sent there.
  expect((await enrolments()).map(({ to }) => to)).toEqual([nomic])
  for (const { address } of w.voters) expect(await seatOf(nomic, address)).toBeGreaterThan(0)
})

test('nobody is enrolled twice, not even while the first transaction is on its way', async () => {
  const before = (await enrolments()).length
  await settleNow(w)
  await enrolJob.run(w.ctx, {})
  expect(await enrolments()).toHaveLength(before)

  const late = account(w.chain, 6)
  await registerAll(w.deployer, w.deployed.autoIds, [late])
  await linkWallet(w.ctx, caller('late'), late)
  await w.chain.rpc('evm_setAutomine', [false])
  await Promise.all([enrolJob.run(w.ctx, {}), enrolJob.run(w.ctx, {})])
  await enrolJob.run(w.ctx, {})
  expect(await enrolments()).toHaveLength(before + 2)
  await w.chain.rpc('evm_setAutomine', [true])
  await w.chain.rpc('evm_mine')
  await settleNow(w)
  await finalise(w)
  expect(await seatOf(w.autoDao.dao, late.address)).toBe(6)
  await enrolJob.run(w.ctx, {})
  expect(await enrolments()).toHaveLength(before + 2)
  expect((await enrolments()).every(({ state }) => state === 'final')).toBe(true)
})

test('linking and the end of an enrolment ask for the next one', async () => {
  const waiting = async () => {
    const { rows } = await sql<{ count: string }>`
      select count(*) from pgboss.job where name = 'enrol' and state = 'created'
    `.execute(w.ctx.db)
    return Number(rows[0]?.count)
  }
  expect(await waiting()).toBe(1)
})

test('a wallet without an Auto ID costs nothing', async () => {
  const before = (await enrolments()).length
  await linkWallet(w.ctx, caller('nobody'), account(w.chain, 7))
  await enrolJob.run(w.ctx, {})
  expect(await enrolments()).toHaveLength(before)
})
