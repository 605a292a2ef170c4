import { sql } from 'kysely'
import { numberToHex, parseAbi, type Hex } from 'viem'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Context } from '../../../core/context.ts'
import { pollOnce } from '../../../core/listen/listener.ts'
import { watchDao } from '../../../core/listen/watch.ts'
import { proposeCall, reorg, sendNow, voteCall, type Sent } from '../../support/blocks.ts'
import { faultProxy } from '../../support/fault-proxy.ts'
import { expectTablesToEqualChain } from '../../support/oracle.ts'
import { times, world, type World } from '../../support/world.ts'

let all: World

beforeEach(async () => {
  all = await world()
  await watchDao(all.ctx, { address: all.ozDao.dao, slug: 'plain' })
})
afterEach(() => all.stop())

describe('a reorg', () => {
  test('of one block that drops a vote takes it off the tally', async () => {
    const id = await activeProposal()
    await sendNow(all, vote(id, 4, 1))
    expect(await look()).toMatchObject({ in_favour: tokens(500) })
    await reorg(all, 1)
    expect(await look()).toMatchObject({ in_favour: '0', state: 'active' })
    expect(await votes()).toEqual([{ voter: all.voters[4]!.address, support: 1, orphaned: true }])
  })

  test('that moves a vote to another block counts it once', async () => {
    const id = await activeProposal()
    await sendNow(all, vote(id, 4, 1))
    await all.chain.rpc('anvil_mine', ['0x3'])
    await look()
    await reorg(all, 4, [vote(id, 4, 1), 3])
    expect(await look()).toMatchObject({ in_favour: tokens(500) })
    expect((await votes()).filter((row) => !row.orphaned)).toHaveLength(1)
    expect(await votes()).toHaveLength(2)
  })

  test('that changes a vote shows the one that stands', async () => {
    const id = await activeProposal()
    await sendNow(all, vote(id, 4, 1))
    await look()
    await reorg(all, 1, [vote(id, 4, 0), 0])
    expect(await look()).toMatchObject({ in_favour: '0', against: tokens(500) })
  })

  test('of many blocks, twice in a row, and back to what was before', async () => {
    const id = await activeProposal()
    for (const voter of [0, 1, 2]) await sendNow(all, vote(id, voter, 1))
    await all.chain.rpc('anvil_mine', ['0x14'])
    expect(await look()).toMatchObject({ in_favour: tokens(600) })
    await reorg(all, 23, [vote(id, 0, 1), 2])
    await reorg(all, 20, [vote(id, 3, 1), 9])
    expect(await look()).toMatchObject({ in_favour: tokens(500) })
    await reorg(all, 21, [vote(id, 0, 1), 0], [vote(id, 1, 1), 1], [vote(id, 2, 1), 2])
    expect(await look()).toMatchObject({ in_favour: tokens(600) })
  })

  test('of blocks without any log costs nothing', async () => {
    const id = await activeProposal()
    await sendNow(all, vote(id, 4, 1))
    await all.chain.rpc('anvil_mine', ['0x5'])
    await look()
    await reorg(all, 4)
    expect(await look()).toMatchObject({ in_favour: tokens(500) })
    expect(await votes()).toHaveLength(1)
  })

  test('that drops a proposal takes its card back, and its ref stays its own', async () => {
    await all.propose(all.ozDao, '# Kept')
    await look()
    await all.propose(all.ozDao, '# Dropped')
    await pollOnce(all.ctx)
    expect(await proposals()).toMatchObject([{ ref: 'plain-1' }, { ref: 'plain-2', orphaned: false }])
    await forgetJobs()
    await reorg(all, 1, [propose('# Other'), 0])
    await pollOnce(all.ctx)
    expect(await proposals()).toMatchObject([
      { ref: 'plain-1', title: 'Kept', orphaned: false },
      { ref: 'plain-2', title: 'Dropped', orphaned: true },
      { ref: 'plain-3', title: 'Other', orphaned: false },
    ])
    expect(await announced()).toEqual(['plain-2', 'plain-3'])
    await forgetJobs()
    await sendNow(all, propose('# Dropped'))
    await pollOnce(all.ctx)
    expect(await proposals()).toMatchObject([{}, { ref: 'plain-2', title: 'Dropped', orphaned: false }, {}])
    expect(await announced()).toEqual(['plain-2'])
  })

  test('that puts a proposal into another block keeps its ref', async () => {
    await all.propose(all.ozDao, '# Moved')
    const before = await look()
    await all.chain.travel(600)
    await look()
    await reorg(all, 2, [propose('# Moved'), 1])
    const after = await look()
    expect(after.ref).toBe('plain-1')
    expect(after.state).toBe('pending')
    expect(after.block_number).toBe(String(Number(before.block_number) + 1))
    expect(after.block_hash).not.toBe(before.block_hash)
  })

  test('that takes time back says again what was before', async () => {
    const id = await activeProposal()
    await sendNow(all, vote(id, 4, 1))
    await all.chain.travel(times.votingPeriod)
    expect(await look()).toMatchObject({ state: 'succeeded' })
    await reorg(all, 1)
    expect(await stateOf(id)).toBe('active')
    expect(await look()).toMatchObject({ state: 'active' })
  })

  test('while nobody listens is found at the next look', async () => {
    const id = await activeProposal()
    await all.chain.rpc('anvil_mine', ['0x8'])
    await sendNow(all, vote(id, 4, 1))
    await look()
    await reorg(all, 6, [vote(id, 3, 0), 5])
    await all.chain.rpc('anvil_mine', ['0xa'])
    expect(await look()).toMatchObject({ in_favour: '0', against: tokens(400) })
  })

  test('takes what was final no longer for final', async () => {
    await activeProposal()
    await all.chain.travel(times.votingPeriod)
    expect(await look()).toMatchObject({ state: 'defeated', final: false })
    await all.chain.rpc('anvil_mine', ['0x3'])
    expect(await look()).toMatchObject({ state: 'defeated', final: true })
    await reorg(all, 4)
    expect(await look()).toMatchObject({ final: false })
  })

  test('deeper than the window stops the chain with a reason, and nothing is undone', async () => {
    await all.chain.rpc('anvil_mine', [numberToHex(300)])
    await all.propose(all.ozDao, '# Kept')
    await look()
    // The chain behind the address starts anew, at another time: the same content would make the same blocks.
    const other = await world({ chain: { timestamp: Math.floor(Date.now() / 1000) + 3_600 } })
    try {
      await other.chain.rpc('anvil_mine', [numberToHex(400)])
      const ctx = { ...all.ctx, chain: { ...all.ctx.chain, url: other.chain.url } }
      await sql`update chain set genesis_hash = ${await genesisOf(other)}`.execute(all.ctx.db)
      const found = await pollOnce(ctx)
      expect(found).toMatchObject({ status: 'stopped', reason: expect.stringContaining('shares no recent block') })
      expect(await chainRow()).toMatchObject({
        state: 'stopped',
        reason: expect.stringContaining('shares no recent block'),
      })
      expect(await proposals()).toMatchObject([{ ref: 'plain-1', orphaned: false }])
      await sql`update chain set genesis_hash = ${await genesisOf(all)}`.execute(all.ctx.db)
      expect(await pollOnce(all.ctx)).toMatchObject({ status: 'read' })
      expect(await chainRow()).toMatchObject({ state: 'live', reason: null })
    } finally {
      await other.stop()
    }
  })
})

describe('a chain that is set back', () => {
  test('is waited for while it says nothing new, and followed when it goes another way', async () => {
    const id = await activeProposal()
    await all.chain.rpc('anvil_mine', ['0x2'])
    await look()
    await sendNow(all, vote(id, 4, 1))
    await all.chain.rpc('anvil_mine', ['0x3'])
    expect(await look()).toMatchObject({ in_favour: tokens(500) })
    // As an embedded chain does that comes back from a state file of a while ago.
    await all.chain.rpc('anvil_rollback', [4])
    expect(await pollOnce(all.ctx)).toMatchObject({ status: 'lower' })
    expect(await row()).toMatchObject({ in_favour: tokens(500) })
    await sendNow(all, vote(id, 3, 0))
    expect(await look()).toMatchObject({ in_favour: '0', against: tokens(400) })
    await expectTablesToEqualChain(all.ctx, all.chain.url)
  })

  test('is told from a node that lags', async () => {
    const id = await activeProposal()
    await sendNow(all, vote(id, 4, 1))
    await look()
    const proxy = await faultProxy(all.chain.url)
    try {
      proxy.weather.lag = 1
      const ctx: Context = { ...all.ctx, chain: { ...all.ctx.chain, url: proxy.url } }
      for (let count = 0; count < 5; count += 1) expect(await pollOnce(ctx)).toMatchObject({ status: 'lower' })
      expect(await row()).toMatchObject({ in_favour: tokens(500) })
      expect((await votes()).filter((each) => each.orphaned)).toEqual([])
    } finally {
      await proxy.stop()
    }
  })
})

async function activeProposal(): Promise<bigint> {
  const { onchainId } = await all.propose(all.ozDao, '# Vote on this')
  await all.chain.travel(times.votingDelay + 1)
  expect(await look()).toMatchObject({ state: 'active' })
  return onchainId
}

const vote = (id: bigint, voter: number, support: number): Sent =>
  voteCall({ from: all.voters[voter]!.address, dao: all.ozDao.dao, id, support })

const propose = (description: string): Sent =>
  proposeCall({ from: all.voters[0]!.address, dao: all.ozDao.dao, description })

/** Reads on, holds the tables against the chain, and answers with the first proposal. */
async function look() {
  expect(await pollOnce(all.ctx)).toMatchObject({ status: 'read' })
  await expectTablesToEqualChain(all.ctx, all.chain.url)
  return row()
}

const row = () => all.ctx.db.selectFrom('proposal').selectAll().where('ref', '=', 'plain-1').executeTakeFirstOrThrow()

async function votes() {
  const rows = await all.ctx.db.selectFrom('vote').selectAll().orderBy('block_number').execute()
  return rows.map(({ voter, support, orphaned_at }) => ({ voter, support, orphaned: orphaned_at !== null }))
}

async function proposals() {
  const rows = await all.ctx.db.selectFrom('proposal').selectAll().orderBy('number').execute()
  return rows.map(({ ref, title, orphaned_at }) => ({ ref, title, orphaned: orphaned_at !== null }))
}

const forgetJobs = () => sql`delete from pgboss.job where name in ('announce', 'summarize')`.execute(all.ctx.db)

async function announced(): Promise<string[]> {
  const { rows } = await sql<{ ref: string }>`
    select ref from pgboss.job join proposal on proposal.id::text = singleton_key where name = 'announce' order by ref
  `.execute(all.ctx.db)
  return rows.map((each) => each.ref)
}

const chainRow = () => all.ctx.db.selectFrom('chain').selectAll().executeTakeFirstOrThrow()
const genesisOf = async ({ chain }: World): Promise<Hex> => (await chain.client.getBlock({ blockNumber: 0n })).hash!
const names = ['pending', 'active', 'canceled', 'defeated', 'succeeded', 'queued', 'expired', 'executed']
const stateOf = async (id: bigint) =>
  names[
    await all.chain.client.readContract({
      abi: parseAbi(['function state(uint256) view returns (uint8)']),
      address: all.ozDao.dao,
      functionName: 'state',
      args: [id],
    })
  ]
const tokens = (count: number): string => (BigInt(count) * 10n ** 18n).toString()
