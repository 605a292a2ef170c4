import { numberToHex } from 'viem'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { pino } from 'pino'
import type { Context } from '../../../core/context.ts'
import { pollOnce, startListener } from '../../../core/listen/listener.ts'
import { readFar } from '../../../core/listen/read.ts'
import { narrower, wider } from '../../../core/listen/span.ts'
import { watchDao } from '../../../core/listen/watch.ts'
import { createOzDao } from '../../../bots/world/deploy.ts'
import { sendNow, voteCall } from '../../support/blocks.ts'
import { testChain } from '../../support/chain.ts'
import { faultProxy, type FaultProxy } from '../../support/fault-proxy.ts'
import { expectTablesToEqualChain } from '../../support/oracle.ts'
import { hasShared, readShared } from '../../support/shared.ts'
import { times, world, type World } from '../../support/world.ts'

let all: World
let proxy: FaultProxy
let ctx: Context

beforeAll(async () => {
  // A chain whose past can be asked, as far back as these blocks go.
  all = await world({ chain: {} })
  await all.propose(all.ozDao, '# Early')
  await all.chain.rpc('anvil_mine', [numberToHex(700)])
  await all.propose(all.ozDao, '# Late')
  await all.chain.rpc('anvil_mine', [numberToHex(300)])
})
afterAll(() => all.stop())
beforeEach(async () => {
  proxy = await faultProxy(all.chain.url)
  ctx = { ...all.ctx, chain: { ...all.ctx.chain, url: proxy.url } }
})
afterEach(() => proxy.stop())

describe('a provider that limits ranges', () => {
  type Provider = { provider: string; error_substrings: string[] }
  const providers: Provider[] = hasShared
    ? (JSON.parse(readShared('data/vectors/rpc/getlogs-range-errors.json')) as { providers: Provider[] }).providers
    : [{ provider: 'any', error_substrings: ['eth_getLogs is limited to a {max} blocks range'] }]
  const wordings = providers.flatMap(({ provider, error_substrings }) =>
    error_substrings.map((words) => [provider, words] as const),
  )

  test.each(wordings)('%s (“%s”) is read to the end', async (_provider, words) => {
    proxy.range = { max: 60, words }
    const addresses = [all.ozDao.dao.toLowerCase()]
    const titles: bigint[] = []
    let after = 0n
    let span = 2_000
    while (after < 900n) {
      const found = await readFar(ctx, { after: { number: after, hash: undefined }, to: 900n, span, addresses })
      if (!found) throw new Error('no stretch')
      titles.push(...found.logs.map((log) => log.blockNumber))
      after = found.to.number
      span = wider(found.span)
    }
    expect(titles).toHaveLength(2)
  })

  test('may answer with a status that is none of success', async () => {
    proxy.range = { max: 100, words: 'Block range limit exceeded.', status: 400 }
    const found = await readFar(ctx, {
      after: { number: 0n, hash: undefined },
      to: 900n,
      span: 2_000,
      addresses: [all.ozDao.dao.toLowerCase()],
    })
    expect(found!.span).toBeLessThanOrEqual(100)
    expect(found!.logs).toHaveLength(1)
  })

  test.each([
    ['eth_getLogs is limited to a 1,000 blocks range', 2_000, 1_000],
    ['eth_getLogs range is too large, max is 1k blocks', 2_000, 1_000],
    ['requested too many blocks from 100 to 2100, maximum is set to 2048', 4_000, 2_048],
    ['block range is too wide (maximum 1024)', 2_000, 1_024],
    ['Try with this block range [0x64, 0x95].', 2_000, 50],
    ['query exceeds max results 20000', 2_000, 1_000],
    ['exceeds the range allowed for your plan (2000 > 500)', 2_000, 500],
    ['computer says no', 2_000, 1_000],
    ['maximum allowed is 5000 blocks', 2_000, 1_000],
    ['anything', 1, 1],
  ])('“%s” makes %i blocks %i', (words, before, after) => {
    expect(narrower(before, words)).toBe(after)
  })
})

describe('contracts added at different times', () => {
  test('are read from their beginning, with what the provider takes, and what it takes is remembered', async () => {
    proxy.range = { max: 100, words: 'exceed maximum block range: {max}' }
    await watchDao(ctx, { address: all.ozDao.dao, slug: 'plain' })
    await watchDao(ctx, { address: all.autoDao.dao, slug: 'auto' })
    await pollOnce(ctx)
    await expectTablesToEqualChain(ctx, all.chain.url)
    const { span } = await all.ctx.db.selectFrom('cursor').select('span').executeTakeFirstOrThrow()
    expect(span).toBeLessThanOrEqual(105)
    const refs = await all.ctx.db.selectFrom('proposal').select(['ref', 'title']).orderBy('ref').execute()
    expect(refs).toEqual([
      { ref: 'plain-1', title: 'Early' },
      { ref: 'plain-2', title: 'Late' },
    ])
    proxy.range = undefined
    const late = await createOzDao(all.deployer, {
      name: 'Late DAO',
      symbol: 'LATE',
      holders: all.voters.map(({ address }) => address),
      amounts: all.voters.map(() => 1n),
      votingDelay: 0,
      votingPeriod: 100,
      proposalThreshold: 0n,
      quorumPercent: 4n,
      timelockDelay: 0n,
    })
    await all.propose(late, '# First')
    await pollOnce(ctx)
    await watchDao(ctx, { address: late.dao, slug: 'late' })
    await all.propose(late, '# Second')
    // The live part is read before the past is, and still the refs are in the order of the chain.
    await pollOnce(ctx)
    await expectTablesToEqualChain(ctx, all.chain.url)
    const rows = await all.ctx.db
      .selectFrom('proposal')
      .select(['ref', 'title', 'announced'])
      .where('ref', 'like', 'late-%')
      .orderBy('number')
      .execute()
    expect(rows).toEqual([
      { ref: 'late-1', title: 'First', announced: false },
      { ref: 'late-2', title: 'Second', announced: true },
    ])
  })
})

describe('a node', () => {
  test('that is asked in vain leaves everything as it is', async () => {
    await pollOnce(ctx)
    const before = await all.ctx.db.selectFrom('cursor').selectAll().execute()
    await all.chain.rpc('evm_mine')
    for (const instead of [
      { status: 429, body: 'slow down' },
      { status: 500, body: '' },
      { status: 200, body: '<html>Just a moment...</html>' },
      { status: 200, body: '[{"jsonrpc":"2.0","id":0,"result":"0x7a69"}, {"jsonrpc"' },
      { status: 200, body: '[]' },
      { status: 200, body: '{"jsonrpc":"2.0","id":1,"error":{"code":-32005,"message":"rate limit exceeded"}}' },
      { status: 401, body: '{"jsonrpc":"2.0","id":1,"error":{"code":-32000,"message":"unauthorized"}}' },
    ]) {
      proxy.instead = () => instead
      await expect(pollOnce(ctx), instead.body).rejects.toMatchObject({ name: 'RetryableError' })
    }
    expect(await all.ctx.db.selectFrom('cursor').selectAll().execute()).toEqual(before)
    proxy.instead = undefined
    expect(await pollOnce(ctx)).toMatchObject({ status: 'read' })
  })

  test('that never answers is given up, and its address is in no error', async () => {
    proxy.instead = () => 'hang'
    const error = await pollOnce(ctx).catch((reason: unknown) => reason)
    expect(error).toMatchObject({ name: 'RetryableError' })
    expect(String(error) + JSON.stringify(error) + String((error as Error).cause)).not.toContain(proxy.url)
  })

  test('that takes no batches is asked one thing at a time', async () => {
    proxy.instead = (body) =>
      Array.isArray(body) && body.length > 1
        ? { status: 200, body: '{"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"batch not supported"}}' }
        : undefined
    await all.chain.rpc('evm_mine')
    expect(await pollOnce(ctx)).toMatchObject({ status: 'read' })
  })

  test('on another chain stops listening with a reason, and it goes on when the right one is back', async () => {
    const other = await testChain({ chainId: 1 })
    try {
      const wrong = { ...ctx, chain: { ...ctx.chain, url: other.url } }
      expect(await pollOnce(wrong)).toEqual({
        status: 'stopped',
        reason: 'The node is on chain 1, not on chain 31337.',
      })
    } finally {
      await other.stop()
    }
    expect(await all.ctx.db.selectFrom('chain').select(['state', 'reason']).executeTakeFirst()).toMatchObject({
      state: 'stopped',
    })
    expect(await pollOnce(ctx)).toMatchObject({ status: 'read' })
    expect(await all.ctx.db.selectFrom('chain').select(['state', 'reason']).executeTakeFirst()).toEqual({
      state: 'live',
      reason: null,
    })
  })
})

describe('a listener', () => {
  test('names an outage once, and goes on by itself when the node is back', async () => {
    await watchDao(ctx, { address: all.ozDao.dao, slug: 'plain' })
    const lines: { level: number; msg: string }[] = []
    const log = pino({}, { write: (line: string) => lines.push(JSON.parse(line) as never) })
    const listener = await startListener({ ...ctx, log: log as never })
    try {
      await vi.waitFor(async () => expect(await isRead()).toBe(true))
      proxy.instead = () => ({ status: 503, body: '' })
      const { onchainId } = await all.propose(all.ozDao, '# During the outage')
      await vi.waitFor(() => expect(lines).toHaveLength(1), { timeout: 10_000 })
      proxy.instead = undefined
      await vi.waitFor(
        async () => {
          const row = await proposal(onchainId)
          expect(row?.stale).toBe(false)
        },
        { timeout: 15_000 },
      )
      expect(lines.map(({ msg }) => msg)).toEqual(['the chain does not answer', 'the chain answers again'])
      expect(JSON.stringify(lines)).not.toContain(proxy.url)
    } finally {
      await listener.stop()
    }
  })

  test('of several takes turns, and none does a thing twice', async () => {
    const listeners = await Promise.all(Array.from({ length: 3 }, () => startListener(ctx)))
    try {
      const { onchainId } = await all.propose(all.ozDao, '# For three')
      await all.chain.travel(times.votingDelay + 1)
      for (const [at, { address }] of all.voters.entries())
        await sendNow(all, voteCall({ from: address, dao: all.ozDao.dao, id: onchainId, support: at % 3 }))
      await vi.waitFor(async () => expect(await isRead()).toBe(true), { timeout: 10_000 })
      await vi.waitFor(async () => expect((await proposal(onchainId))?.stale).toBe(false), { timeout: 10_000 })
      await expectTablesToEqualChain(ctx, all.chain.url)
      const { holder } = await all.ctx.db.selectFrom('cursor').select('holder').executeTakeFirstOrThrow()
      expect(holder).not.toBeNull()
    } finally {
      await Promise.all(listeners.map((listener) => listener.stop()))
    }
    const { holder } = await all.ctx.db.selectFrom('cursor').select('holder').executeTakeFirstOrThrow()
    expect(holder).toBeNull()
  })

  test('that looks many times at once writes everything once', async () => {
    const { onchainId } = await all.propose(all.ozDao, '# For ten looks')
    await all.chain.travel(times.votingDelay + 1)
    for (const { address } of all.voters)
      await sendNow(all, voteCall({ from: address, dao: all.ozDao.dao, id: onchainId, support: 1 }))
    const found = await Promise.all(Array.from({ length: 10 }, () => pollOnce(ctx)))
    expect(found.filter(({ status }) => status === 'read').length).toBeGreaterThan(0)
    await pollOnce(ctx)
    await expectTablesToEqualChain(ctx, all.chain.url)
  })

  test('asks twice for a new block and once when there is none', async () => {
    await pollOnce(ctx)
    const before = proxy.requests()
    await pollOnce(ctx)
    expect(proxy.requests() - before).toBe(1)
    await all.chain.rpc('evm_mine')
    await pollOnce(ctx)
    expect(proxy.requests() - before).toBe(3)
  })

  const proposal = (onchainId: bigint) =>
    all.ctx.db.selectFrom('proposal').selectAll().where('onchain_id', '=', onchainId.toString()).executeTakeFirst()

  async function isRead(): Promise<boolean> {
    const cursor = await all.ctx.db.selectFrom('cursor').select('hash').executeTakeFirst()
    return cursor?.hash === (await all.chain.client.getBlock()).hash
  }
})
