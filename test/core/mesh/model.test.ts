import fc from 'fast-check'
import { toHex, zeroHash, type Abi, type Address, type Hex } from 'viem'
import type { HDAccount } from 'viem/accounts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { challenge as contract, globalDao } from '../../../contracts/generated.ts'
import { scoreOfBid } from '../../../core/mesh/allocate.ts'
import {
  assignTask,
  endChallenge,
  objectionBond,
  placeBid,
  reviewWeight,
  settleDelivery,
  settleLate,
  type Challenge,
  type Review,
} from '../../../core/mesh/challenge.ts'
import { daoOf, reputationOf, shareOf, standingOf, vouchFor } from '../../../core/mesh/mesh.ts'
import {
  challengeAtWork,
  daoCount,
  domains,
  meshWorld,
  tag,
  type MeshWorld,
  type Specs,
} from '../../support/mesh-model.ts'

let w: MeshWorld
beforeAll(async () => {
  w = await meshWorld()
})
afterAll(() => w.stop())

const specs: Specs = [
  { domain: 'solidity', weight: 3333, dependencies: 0 },
  { domain: 'design', weight: 900, dependencies: 1 },
  { domain: 'tech', weight: 5767, dependencies: 3 },
]

type Round = {
  bids: { dao: number; percent: number }[]
  end: 'late' | 'accepted' | 'judged'
  /** Of the sponsors and the DAOs, -1 for one who does not show it, undefined for none. */
  ratings: (number | undefined)[]
}

const round: fc.Arbitrary<Round> = fc.record({
  bids: fc.uniqueArray(
    fc.record({ dao: fc.integer({ min: 1, max: daoCount }), percent: fc.integer({ min: 100, max: 600 }) }),
    { minLength: 1, maxLength: daoCount, selector: ({ dao }) => dao },
  ),
  end: fc.constantFrom('late', 'accepted', 'judged', 'judged', 'judged'),
  ratings: fc.array(fc.option(fc.integer({ min: -1, max: 100 }), { nil: undefined }), {
    minLength: 2 + daoCount,
    maxLength: 2 + daoCount,
  }),
})

test('the curator vouches on the chain as in the model', async () => {
  const now = await w.send(w.dao(0), { ...world('vouch'), args: [3n, tag('solidity')] })
  vouchFor(w.model, 3, 'solidity', now)
  await compareMemory()
})

test(
  'the model allocates, rates, slashes and pays as the contracts do, in any history',
  { timeout: 300_000 },
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(round, { minLength: 9, maxLength: 9 }), async (rounds) => {
        const played = await challengeAtWork(w, specs)
        await play(played, rounds)
      }),
      { numRuns: 8, endOnFailure: true },
    )
  },
)

type Played = { address: Address; model: Challenge }

/** Each task gets up to three of the rounds, until it is accepted or fails. */
async function play(played: Played, rounds: readonly Round[]): Promise<void> {
  const { model } = played
  for (const [index, task] of model.tasks.entries()) {
    for (let i = 0; i < 3 && task.status !== 'accepted'; i++) {
      const next = rounds[index * 3 + i]
      if (!next) return
      if (!(await playRound(played, index, next))) break
      // With the last task the contract has paid already.
      if (!isDone(model)) await compare(played)
    }
    if (task.status !== 'accepted') break
  }
  if (!isDone(model)) {
    const until = await read<bigint>(played, 'until', [])
    await w.chain.rpc('evm_setNextBlockTimestamp', [Number(until) + 1])
    await send(w.objector, played, 'poke', [])
  }
  const left = endChallenge(model)
  await compare(played)
  for (const [i, sponsor] of w.sponsors.entries()) {
    const refund = await read<bigint>(played, 'refundOf', [sponsor.address])
    expect(refund).toBe((left * (i === 0 ? 600n : 400n)) / 1000n)
  }
}

function isDone({ tasks }: Challenge): boolean {
  return tasks.every(({ status }) => status === 'accepted')
}

/** False when nobody is left to bid. */
async function playRound(played: Played, index: number, { bids, end, ratings }: Round): Promise<boolean> {
  const { model } = played
  const task = model.tasks[index]
  if (!task) return false
  let now: bigint
  if (task.status === 'open') {
    const able = bids.filter(({ dao }) => !task.failed.has(dao))
    for (const { dao, percent } of able) {
      const stake = (task.minStake * BigInt(percent)) / 100n
      const preview = await read<bigint>(played, 'scoreOf', [BigInt(index), BigInt(dao), stake])
      const block = await w.chain.client.getBlock()
      expect(preview).toBe(scoreOfBid(w.model, task, dao, stake, block.timestamp))
      const taken = await send(w.dao(dao), played, 'bid', [BigInt(index), BigInt(dao), stake]).catch(() => undefined)
      // A DAO that is not at home in the domain is refused by both.
      expect(placeBid(model, index, dao, stake, taken ?? block.timestamp)).toBe(taken !== undefined)
    }
    if (task.bids.length === 0) return false
    now = await poke(played, index)
    assignTask(model, index, now)
  }
  const dao = task.assignee?.dao ?? 0
  expect(await assigneeOf(played, index)).toBe(dao)
  const author = w.dao(dao)
  if (end === 'late') {
    now = await poke(played, index)
    settleLate(model, index, now)
    takeOver(model, index, now)
    return true
  }
  await deliver(played, index, dao, author)
  if (end === 'accepted') {
    settleDelivery(model, index, undefined, await poke(played, index))
    return true
  }
  await send(w.objector, played, 'object', [BigInt(index), 'It leaks'])
  expect(await read<bigint>(played, 'objectionBond', [BigInt(index)])).toBe(objectionBond(task))
  const reviews = await collect(played, index, ratings)
  now = await poke(played, index)
  if (reviews.length > 0) {
    for (const review of reviews) await show(played, index, review)
    now = await poke(played, index)
  }
  settleDelivery(model, index, { objector: w.objector.address, reviews }, now)
  takeOver(model, index, now)
  return true
}

/** On the chain the next of the bidders follows in the same transaction. */
function takeOver(model: Challenge, index: number, now: bigint): void {
  const task = model.tasks[index]
  if (task?.status === 'open' && task.bids.length > 0) assignTask(model, index, now)
}

async function collect(played: Played, index: number, ratings: Round['ratings']): Promise<Review[]> {
  const reviews: Review[] = []
  const who: { account: HDAccount; dao?: number }[] = [
    ...w.sponsors.map((account) => ({ account })),
    ...Array.from({ length: daoCount }, (_, i) => ({ account: w.dao(i + 1), dao: i + 1 })),
  ]
  for (const [i, { account, ...rest }] of who.entries()) {
    const args = [BigInt(index), account.address, BigInt(rest.dao ?? 0)]
    const weight = await read<bigint>(played, 'reviewWeight', args)
    const { timestamp } = await w.chain.client.getBlock()
    const reviewer = { reviewer: account.address, ...rest }
    expect(weight).toBe(reviewWeight(played.model, index, { ...reviewer, objector: w.objector.address }, timestamp))
    const rating = ratings[i]
    if (rating === undefined || weight === 0n) continue
    const review: Review = { ...reviewer, weight, ...(rating >= 0 && { rating }) }
    const commitment = await read<Hex>(played, 'ratingCommitmentOf', [
      BigInt(index),
      BigInt(review.dao ?? 0),
      account.address,
      Math.max(rating, 0),
      zeroHash,
    ])
    const at = await send(account, played, 'commitRating', [BigInt(index), BigInt(review.dao ?? 0), commitment])
    reviews.push({
      ...review,
      weight: reviewWeight(played.model, index, { ...reviewer, objector: w.objector.address }, at),
    })
  }
  return reviews
}

async function show(played: Played, index: number, { reviewer, dao = 0, rating }: Review): Promise<void> {
  if (rating === undefined) return
  const account = w.chain.accounts.find(({ address }) => address === reviewer)
  if (account) await send(account, played, 'revealRating', [BigInt(index), BigInt(dao), rating, '', zeroHash])
}

async function deliver(played: Played, index: number, dao: number, author: HDAccount): Promise<void> {
  const delivery = {
    deliverable: toHex(index + 1, { size: 32 }),
    cid: 'bafy',
    contributors: [(BigInt(dao) << 16n) | 10_000n],
    salt: zeroHash,
  }
  const commitment = await read<Hex>(played, 'commitmentOf', [BigInt(index), BigInt(dao), delivery])
  await send(author, played, 'commitDelivery', [BigInt(index), commitment])
  await w.chain.travel(1)
  await send(author, played, 'revealDelivery', [BigInt(index), delivery])
}

/** Waits until time has decided something about the task, and has it decided. */
async function poke(played: Played, index: number): Promise<bigint> {
  const { until } = await read<{ until: number }>(played, 'taskAt', [BigInt(index)])
  await w.chain.rpc('evm_setNextBlockTimestamp', [until + 1])
  return send(w.objector, played, 'pokeTask', [BigInt(index)])
}

async function assigneeOf(played: Played, index: number): Promise<number> {
  const { assignee } = await read<{ assignee: bigint }>(played, 'taskAt', [BigInt(index)])
  return Number(assignee)
}

async function compare(played: Played): Promise<void> {
  for (const { address } of w.chain.accounts)
    expect(await read<bigint>(played, 'creditOf', [address])).toBe(played.model.credits.get(address) ?? 0n)
  for (const [index, task] of played.model.tasks.entries())
    if (task.status === 'assigned') expect(await assigneeOf(played, index)).toBe(task.assignee?.dao)
  await compareMemory()
}

async function compareMemory(): Promise<void> {
  const { timestamp } = await w.chain.client.getBlock()
  for (const { address } of w.chain.accounts)
    expect(await w.read<bigint>(world('standingOf', [address]))).toBe(standingOf(w.model, address))
  for (let dao = 1; dao <= daoCount; dao++) {
    expect(await w.read<bigint>(world('openTasks', [BigInt(dao)]))).toBe(BigInt(daoOf(w.model, dao).openTasks))
    for (const domain of Object.keys(domains)) {
      const args = [BigInt(dao), tag(domain)]
      expect(await w.read<bigint>(world('reputationOf', args))).toBe(reputationOf(w.model, dao, domain, timestamp))
      expect(await w.read<bigint>(world('shareOf', args))).toBe(shareOf(w.model, dao, domain, timestamp))
    }
  }
}

function send(from: HDAccount, { address }: Played, functionName: string, args: readonly unknown[]): Promise<bigint> {
  return w.send(from, { address, abi: contract.abi as Abi, functionName, args })
}

function read<T>({ address }: Played, functionName: string, args: readonly unknown[]): Promise<T> {
  return w.read<T>({ address, abi: contract.abi as Abi, functionName, args })
}

function world(functionName: string, args: readonly unknown[] = []) {
  return { address: w.globalDao, abi: globalDao.abi as Abi, functionName, args }
}
