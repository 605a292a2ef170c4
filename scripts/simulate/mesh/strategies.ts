import { shareOf } from '../../../core/mesh/mesh.ts'
import type { Task } from '../../../core/mesh/challenge.ts'
import { terms } from '../../../core/mesh/terms.ts'
import { nowOf, type Agent, type StrategyName, type World } from './world.ts'

/** Work that was handed in; `cost` is the part of the pay that it took to do. */
export type Work = { author: Agent; quality: number; cost: number; isAttack: boolean }

/** All who play one strategy but the honest and the lazy are one ring: they stand by each other. */
type Strategy = {
  says: string
  /** Stake, in times of the least one; how many tasks at once. */
  stake: number
  atOnce: number
  /** What it hands in, undefined when nothing. */
  work(world: World, agent: Agent, task: Task): Work | undefined
  /** Its rating of another's work, of which it has this impression; undefined when it does not rate. */
  rate(world: World, agent: Agent, work: Work, impression: number): number | undefined
  /** Whether it objects although the work is good, or its own. */
  objects?(world: World, agent: Agent, work: Work, task: Task): boolean
}

/** Until then those who need a name make it by honest work. */
const sleepsUntil = 120

export const strategies: Record<StrategyName, Strategy> = {
  honest: {
    says: 'works well, looks at what others do, rates what it sees',
    stake: 1.5,
    atOnce: 3,
    work: (world, agent) => goodWork(world, agent),
    rate: honestly,
  },
  lazy: {
    says: 'takes what it gets, hands in next to nothing',
    stake: 1,
    atOnce: 6,
    work: (world, agent) => badWork(world, agent),
    rate: (world) => (world.random.chance(0.3) ? 75 : undefined),
  },
  colluding: {
    says: 'makes a name, then hands in next to nothing; the ring rates its own 100, objects first when it is the majority',
    stake: 1.5,
    atOnce: 6,
    work: (world, agent) => (world.day < sleepsUntil ? goodWork(world, agent) : badWork(world, agent)),
    rate: (world, agent, work, impression) =>
      work.author.strategy === agent.strategy ? 100 : honestly(world, agent, work, impression),
    objects: (world, agent, work, task) =>
      work.isAttack &&
      work.author.strategy === agent.strategy &&
      ringShare(world, agent, task.domain) > terms.full / 2n,
  },
  sybil: {
    says: 'one owner, a new DAO after each failure, the highest stake that counts, floods the list of bids',
    stake: 4,
    atOnce: 1,
    work: (world, agent) => badWork(world, agent),
    rate: (_world, agent, work) => (work.author.strategy === agent.strategy ? 100 : undefined),
  },
  washing: {
    says: 'funds challenges of its own under another name to make a name, then hands in next to nothing',
    stake: 4,
    atOnce: 3,
    work: (world, agent) => badWork(world, agent),
    rate: (_world, agent, work) => (work.author.strategy === agent.strategy ? 100 : undefined),
  },
  griefing: {
    says: 'works well, objects to the good work of others and has the ring rate it 0',
    stake: 1.5,
    atOnce: 3,
    work: (world, agent) => goodWork(world, agent),
    rate: (world, agent, work, impression) =>
      work.author.strategy === agent.strategy ? honestly(world, agent, work, impression) : 0,
    objects: (world, agent, work) =>
      work.author.strategy !== agent.strategy && work.quality >= Number(terms.threshold) && world.random.chance(0.05),
  },
  squatting: {
    says: 'takes tasks and never delivers',
    stake: 4,
    atOnce: 3,
    work: () => undefined,
    rate: () => undefined,
  },
}

function goodWork({ random }: World, author: Agent): Work {
  const quality = clamp(57 + 33 * author.skill + random.between(-12, 12))
  return { author, quality, cost: random.between(0.55, 0.75), isAttack: false }
}

function badWork({ random }: World, author: Agent): Work {
  return { author, quality: random.between(15, 45), cost: 0.05, isAttack: true }
}

function honestly(world: World, _agent: Agent, _work: Work, impression: number): number | undefined {
  return world.random.chance(world.assumptions.peerRates) ? Math.round(impression) : undefined
}

function ringShare(world: World, { strategy }: Agent, domain: string): bigint {
  return world.agents
    .filter((other) => other.strategy === strategy)
    .reduce((sum, { dao }) => sum + shareOf(world.mesh, dao, domain, nowOf(world)), 0n)
}

function clamp(quality: number): number {
  return Math.max(0, Math.min(100, quality))
}
