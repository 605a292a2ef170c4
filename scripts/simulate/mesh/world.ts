import { createMesh, joinMesh, vouchFor, type Mesh } from '../../../core/mesh/mesh.ts'
import type { Random } from './random.ts'

/** What each does is in `strategies.ts`. */
export type StrategyName = 'honest' | 'lazy' | 'colluding' | 'sybil' | 'washing' | 'griefing' | 'squatting'

/** A DAO that plays. */
export type Agent = {
  dao: number
  account: string
  strategy: StrategyName
  domains: readonly string[]
  /** Of honest work, from 0 to 1. */
  skill: number
}

/** Of a strategy: tasks it had and had accepted; coins it spent on work, lost (slashes, bonds, fees), received. */
export type Book = { tasks: number; accepted: number; spent: number; lost: number; received: number }

export type World = {
  mesh: Mesh
  random: Random
  agents: Agent[]
  byDao: Map<number, Agent>
  books: Map<string, Book>
  day: number
  assumptions: Assumptions
}

/** How people behave; the rest is the contracts'. Printed with the result. */
export type Assumptions = {
  /** Chance that a sponsor, a bidder in waiting and a well known DAO look at a delivery. */
  sponsorLooks: number
  bidderLooks: number
  peerLooks: number
  /** Chance that an honest sponsor or DAO rates when somebody objected. */
  sponsorRates: number
  peerRates: number
  /** How far a reviewer's impression may be from the truth, of 100. */
  noise: number
}

export const assumptions: Assumptions = {
  sponsorLooks: 0.4,
  bidderLooks: 0.15,
  peerLooks: 0.1,
  sponsorRates: 0.8,
  peerRates: 0.5,
  noise: 10,
}

export const coin = 1_000_000n
/** One unit of account: what one small task pays. */
export const unit = 100n * coin

const tree: readonly (readonly [string, string | undefined])[] = [
  ['code', undefined],
  ['contracts', 'code'],
  ['frontend', 'code'],
  ['words', undefined],
  ['docs', 'words'],
  ['research', undefined],
]
export const domains = tree.map(([domain]) => domain)

export function createWorld(random: Random, numbers: Record<StrategyName, number>, people: Assumptions): World {
  const world: World = {
    mesh: createMesh(tree),
    random,
    agents: [],
    byDao: new Map(),
    books: new Map(),
    day: 0,
    assumptions: people,
  }
  for (const strategy of Object.keys(numbers) as StrategyName[])
    for (let i = 0; i < numbers[strategy]; i++) addAgent(world, strategy)
  // The curator does not know either who will turn out to be what.
  for (const { dao, domains } of random.shuffled(world.agents))
    for (const domain of domains) vouchFor(world.mesh, dao, domain, nowOf(world))
  return world
}

export function addAgent(world: World, strategy: StrategyName): Agent {
  const { random } = world
  // A ring gathers where it can be strong.
  const home = strategy === 'colluding' ? 'contracts' : random.pick(domains)
  const chosen = [...new Set([home, random.pick(domains)])]
  const account = `dao ${world.mesh.daos.size + 1}`
  const dao = joinMesh(
    world.mesh,
    account,
    chosen.map((domain) => [domain, Math.floor(100 / chosen.length)] as const),
  )
  const agent: Agent = { dao, account, strategy, domains: chosen, skill: random.between(0.5, 1) }
  world.agents.push(agent)
  world.byDao.set(dao, agent)
  return agent
}

export function agentOf(world: World, dao: number): Agent {
  const agent = world.byDao.get(dao)
  if (!agent) throw new Error(`Nobody plays DAO ${dao}`)
  return agent
}

/** Adds to the book of a strategy: `work` for what it did in good faith, `attack` for the rest. */
export function book(world: World, strategy: string, kind: 'work' | 'attack', entry: Partial<Book>): void {
  const name = `${strategy} ${kind}`
  const sum = world.books.get(name) ?? { tasks: 0, accepted: 0, spent: 0, lost: 0, received: 0 }
  for (const [key, value] of Object.entries(entry)) sum[key as keyof Book] += value
  world.books.set(name, sum)
}

export function nowOf(world: World): bigint {
  return 1_800_000_000n + BigInt(Math.round(world.day * 86_400))
}

/** Coins, for books and tables; money itself is counted in whole units. */
export function coins(amount: bigint): number {
  return Number(amount) / Number(coin)
}
