import { keccak256, numberToHex, stringToHex, type Address } from 'viem'
import { expect, test } from 'vitest'
import type { Context } from '../../../core/context.ts'
import { RetryableError } from '../../../core/errors.ts'
import { pollOnce } from '../../../core/listen/listener.ts'
import { watchDao } from '../../../core/listen/watch.ts'
import { proposeCall, reorg, sendNow, voteCall, type Sent } from '../../support/blocks.ts'
import { calmWeather, faultProxy, seeded, type FaultProxy, type Weather } from '../../support/fault-proxy.ts'
import { expectTablesToEqualChain } from '../../support/oracle.ts'
import { abiWords } from '../../support/stub-contract.ts'
import { world, type World } from '../../support/world.ts'

const steps = 40
const rough: Weather = {
  busy: 0.03,
  broken: 0.03,
  html: 0.02,
  truncated: 0.03,
  cut: 0.03,
  lag: 0.15,
  split: 0.1,
  wrongHash: 0.15,
  twice: 0.15,
  missing: 0.03,
  refused: 0.03,
  shuffled: 0.2,
}
const seeds = [
  ...Array.from({ length: 10 }, (_, at) => at + 1),
  // One wrong answer of forty made the whole stretch be asked again, for ever.
  45,
  47,
]

let all: World
const struck = new Map<string, number>()
const seen = { reorgs: 0, orphanedBlocks: 0, orphanedVotes: 0, orphanedProposals: 0, votes: 0 }

test.each(seeds)('after storm %i the tables are what one scan of the chain says', async (seed) => {
  all = await world()
  const proxy = await faultProxy(all.chain.url, seed)
  const ctx: Context = { ...all.ctx, chain: { ...all.ctx.chain, url: proxy.url } }
  try {
    await storm(ctx, proxy, seeded(seed))
    proxy.weather = calmWeather()
    expect(await look(ctx)).toBe(true)
    await expectTablesToEqualChain(ctx, all.chain.url)
    const votes = await ctx.db.selectFrom('vote').select('orphaned_at').execute()
    const proposals = await ctx.db.selectFrom('proposal').select('orphaned_at').execute()
    const blocks = await ctx.db.selectFrom('block').select('hash').where('orphaned_at', 'is not', null).execute()
    seen.orphanedBlocks += blocks.length
    seen.votes += votes.length
    seen.orphanedVotes += votes.filter((row) => row.orphaned_at !== null).length
    seen.orphanedProposals += proposals.filter((row) => row.orphaned_at !== null).length
    for (const [name, times] of proxy.struck) struck.set(name, (struck.get(name) ?? 0) + times)
  } finally {
    await proxy.stop()
    await all.stop()
  }
})

test('the storms were storms', () => {
  expect([...struck.keys()].sort()).toEqual(Object.keys(rough).sort())
  expect(seen.reorgs).toBeGreaterThan(30)
  expect(seen.orphanedBlocks).toBeGreaterThan(50)
  expect(seen.orphanedVotes).toBeGreaterThan(0)
  expect(seen.orphanedProposals).toBeGreaterThan(0)
  expect(seen.votes).toBeGreaterThan(30)
})

async function storm(ctx: Context, proxy: FaultProxy, random: () => number): Promise<void> {
  const below = (limit: number): number => Math.floor(random() * limit)
  const pick = <T>(list: readonly T[]): T => list[below(list.length)]!
  const actor = act({ below, pick })
  const [first, second] = random() < 0.5 ? [all.autoDao.dao, all.ozDao.dao] : [all.ozDao.dao, all.autoDao.dao]
  await watchDao(ctx, { address: first })
  for (let count = 0; count < 8; count += 1) await sendNow(all, actor.propose())
  await all.chain.travel(61)
  // No reorg takes back what storms need: the contracts, and a few proposals to vote on.
  await all.chain.rpc('anvil_mine', [numberToHex(15)])
  proxy.weather = rough
  for (let step = 0; step < steps; step += 1) {
    const dice = random()
    if (dice < 0.4) {
      await sendNow(all, actor.next())
      await look(ctx)
    } else if (dice < 0.45) await all.chain.travel(pick([1, 61, 61, 61, 61, 3_700]))
    else if (dice < 0.48) await all.chain.rpc('anvil_mine', [numberToHex(1 + below(30))])
    else if (dice < 0.62) {
      const depth = 1 + below(12)
      // What happened in the blocks that go is dropped, comes back elsewhere, or something else happens there.
      const calls = [...(random() < 0.6 ? [actor.next()] : []), ...(random() < 0.6 ? [actor.again()] : [])]
      if (await reorg(all, depth, ...calls.map((call): [Sent, number] => [call, below(depth)]))) seen.reorgs += 1
    } else if (dice < 0.67) await Promise.all([look(ctx), look(ctx)])
    else await look(ctx)
    if (step === steps / 2) await untilDone(() => watchDao(ctx, { address: second }))
  }
}

/** People who propose and vote, also for what is over or gone: then their transaction fails, as it would. */
function act({ below, pick }: { below: (limit: number) => number; pick: <T>(list: readonly T[]) => T }) {
  const proposals: { dao: Address; id: bigint }[] = []
  const past: Sent[] = []
  const next = (): Sent => {
    const from = pick(all.voters).address
    if (below(10) < 2) return propose()
    const call = voteCall({ ...pick(below(3) === 0 ? proposals.slice(-3) : proposals), from, support: below(3) })
    past.push(call)
    return call
  }
  const propose = (): Sent => {
    const from = pick(all.voters).address
    const description = `# Proposal ${past.length}\n\nNumber ${below(1e9)}.`
    const dao = pick([all.autoDao.dao, all.ozDao.dao])
    proposals.push({ dao, id: proposalId(from, description) })
    const call = proposeCall({ from, dao, description })
    past.push(call)
    return call
  }
  return { propose, next, again: (): Sent => pick(past.slice(-5)) }
}

const proposalId = (from: Address, description: string): bigint =>
  BigInt(
    keccak256(
      abiWords('address[], uint256[], bytes[], bytes32', [[from], [0n], ['0x'], keccak256(stringToHex(description))]),
    ),
  )

/** A look that fails has to leave things as they were; the next one goes on. */
async function look(ctx: Context): Promise<boolean> {
  try {
    return (await pollOnce(ctx)).status === 'read'
  } catch (error) {
    if (error instanceof RetryableError) return false
    throw error
  }
}

async function untilDone<T>(what: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await what()
    } catch (error) {
      if (!(error instanceof RetryableError)) throw error
    }
  }
}
