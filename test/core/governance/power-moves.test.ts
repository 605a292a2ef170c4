import { encodeFunctionData, numberToHex, parseAbi, parseEther } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { pollOnce } from '../../../core/listen/listener.ts'
import { watchDao } from '../../../core/listen/watch.ts'
import { powerMovedJob } from '../../../core/governance/jobs/power-moved.ts'
import type { View } from '../../../core/view.ts'
import { wordsOf } from '../../support/ballots.ts'
import { reorg, sendNow, type Sent } from '../../support/blocks.ts'
import { caller } from '../../support/linking.ts'
import { world, type World } from '../../support/world.ts'

const abi = parseAbi(['function delegate(address to)', 'function transfer(address to, uint256 amount)'])
let w: World

beforeAll(async () => {
  w = await world()
  for (const id of ['loud', 'calm'])
    await watchDao(w.ctx, { address: w.ozDao.dao, slug: 'plain', channel: { platform: 'playground', id } })
  const by = { caller: caller('admin', { manager: true }), channel: { platform: 'playground', id: 'loud' } }
  await w.app.run({ ...by, line: 'settings plain power on' })
})
afterAll(() => w.stop())

const sent = (from: number, data: `0x${string}`): Sent => ({
  from: w.voters[from]!.address,
  to: w.ozDao.token,
  // A checkpoint of a new second costs more than what was estimated in the one before.
  gas: numberToHex(1_000_000),
  data,
})
const delegate = (from: number, to: number): Sent =>
  sent(from, encodeFunctionData({ abi, functionName: 'delegate', args: [w.voters[to]!.address] }))
const transfer = (from: number, to: number, amount: string): Sent =>
  sent(from, encodeFunctionData({ abi, functionName: 'transfer', args: [w.voters[to]!.address, parseEther(amount)] }))

const moves = () =>
  w.ctx.db
    .selectFrom('power_move')
    .select(['delegate', 'previous', 'current', 'orphaned_at'])
    .orderBy('block_number')
    .orderBy('log_index')
    .execute()
const notes = async (): Promise<{ channel: string; words: string }[]> => {
  const rows = await w.ctx.db
    .selectFrom('effect')
    .select(['channel', 'view'])
    .where('key', 'like', 'power/%')
    .orderBy('updated_at')
    .execute()
  return rows.map(({ channel, view }) => ({ channel, words: wordsOf(view as View) }))
}
async function look(): Promise<void> {
  await pollOnce(w.ctx)
  await powerMovedJob.run(w.ctx, {})
}

test('what was delegated before a DAO is watched is no news', async () => {
  await look()
  expect(await moves()).toEqual([])
})

test('a move of more than one percent is told once, where it is wanted', async () => {
  await sendNow(w, delegate(3, 4))
  await look()
  await look()
  expect(await moves()).toHaveLength(2)
  const told = await notes()
  expect(told.map(({ channel }) => channel)).toEqual(['loud'])
  expect(told[0]?.words).toContain(' gained 400 PLAIN (26.6 % of all) and has 900 PLAIN now')
  expect(told[0]?.words).toContain(' lost 400 PLAIN (26.6 % of all) and has 0 PLAIN now')
})

test('a small move is kept and not told', async () => {
  await sendNow(w, transfer(0, 1, '1'))
  await look()
  expect(await moves()).toHaveLength(4)
  expect(await notes()).toHaveLength(1)
})

test('in quiet hours nothing is said before they end', async () => {
  const by = { caller: caller('admin', { manager: true }), channel: { platform: 'playground', id: 'loud' } }
  const hour = new Date(w.ctx.now()).getUTCHours()
  await w.app.run({ ...by, line: `settings all quiet ${hour}-${(hour + 2) % 24}` })
  await sendNow(w, delegate(3, 3))
  await look()
  expect(await notes()).toHaveLength(1)
  w.wait(121)
  await look()
  expect(await notes()).toHaveLength(2)
})

test('a reorg takes a move back, and one that comes again counts once', async () => {
  const before = await moves()
  await sendNow(w, delegate(2, 4))
  await look()
  await reorg(w, 1)
  await look()
  const after = await moves()
  expect(after.slice(before.length).map((move) => move.orphaned_at !== null)).toEqual([true, true])
  await sendNow(w, delegate(2, 4))
  await look()
  expect((await moves()).filter(({ orphaned_at }) => orphaned_at === null)).toHaveLength(before.length + 2)
})
