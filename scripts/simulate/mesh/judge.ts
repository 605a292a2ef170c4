import { objectionBond, reviewWeight, settleDelivery, type Outcome, type Review } from '../../../core/mesh/challenge.ts'
import { shareOf } from '../../../core/mesh/mesh.ts'
import { terms } from '../../../core/mesh/terms.ts'
import type { Played, Sponsor } from './played.ts'
import { strategies, type Work } from './strategies.ts'
import { agentOf, book, coins, nowOf, type Agent, type World } from './world.ts'

export const cheatingSponsor = 'cheating sponsor'

type Objector = { account: string; strategy: string; kind: 'work' | 'attack' }

/** The window after a delivery: who looks, who objects, who rates, and what comes of it. */
export function judgeWork(world: World, played: Played, index: number, work: Work): Outcome {
  const { challenge } = played
  const task = challenge.tasks[index]
  if (!task) throw new Error(`No task ${index}`)
  const objector = findObjector(world, played, index, work)
  if (!objector) return settleDelivery(challenge, index, undefined, nowOf(world))
  const bond = objectionBond(task)
  played.stakesIn += bond
  const reviews = collect(world, played, index, work, objector.account)
  played.transactions += 2 + 2 * reviews.length
  const outcome = settleDelivery(challenge, index, { objector: objector.account, reviews }, nowOf(world))
  const share = coins(outcome.share ?? 0n)
  if (outcome.status === 'rejected') {
    book(world, objector.strategy, objector.kind, { received: share })
    if (objector.strategy === cheatingSponsor) played.taken.add(index)
  } else {
    book(world, objector.strategy, objector.kind, { lost: coins(bond) })
    book(world, work.author.strategy, work.isAttack ? 'attack' : 'work', { received: coins(bond) })
  }
  return outcome
}

function findObjector(world: World, played: Played, index: number, work: Work): Objector | undefined {
  const { random, assumptions } = world
  const cheat = played.sponsors.find(({ isCheating }) => isCheating)
  if (cheat && !work.isAttack)
    return { account: `alias of ${cheat.account}`, strategy: cheatingSponsor, kind: 'attack' }
  const waiting = (played.challenge.tasks[index]?.bids ?? []).map(({ dao }) => agentOf(world, dao))
  const peers = peersOf(world, played, index)
  for (const agent of random.shuffled([...waiting, ...peers])) {
    const task = played.challenge.tasks[index]
    if (task && agent !== work.author && strategies[agent.strategy].objects?.(world, agent, work, task))
      return { account: agent.account, strategy: agent.strategy, kind: 'attack' }
  }
  for (const sponsor of played.sponsors) {
    if (!sponsor.washes && random.chance(assumptions.sponsorLooks) && isBad(world, work))
      return { account: sponsor.account, strategy: 'honest sponsor', kind: 'work' }
  }
  for (const [list, chance] of [
    [waiting, assumptions.bidderLooks],
    [peers.slice(0, 3), assumptions.peerLooks],
  ] as const) {
    for (const agent of list) {
      if (agent.strategy !== 'honest' || agent === work.author) continue
      if (random.chance(chance) && isBad(world, work))
        return { account: agent.account, strategy: 'honest', kind: 'work' }
    }
  }
  return undefined
}

function collect(world: World, played: Played, index: number, work: Work, objector: string): Review[] {
  const { random, assumptions } = world
  const reviews: Review[] = []
  const add = (who: { reviewer: string; dao?: number }, rating: number | undefined): void => {
    const weight = reviewWeight(played.challenge, index, { ...who, objector }, nowOf(world))
    if (weight > 0n && rating !== undefined) reviews.push({ ...who, weight, rating })
  }
  for (const sponsor of played.sponsors) {
    const looks = random.chance(assumptions.sponsorRates) ? Math.round(impression(world, work)) : undefined
    add({ reviewer: sponsor.account }, ratingOf(sponsor, work, looks))
  }
  for (const agent of peersOf(world, played, index)) {
    const rating = strategies[agent.strategy].rate(world, agent, work, impression(world, work))
    add({ reviewer: agent.account, dao: agent.dao }, rating)
  }
  return reviews
}

function ratingOf({ isCheating, washes }: Sponsor, work: Work, looks: number | undefined): number | undefined {
  if (washes && washes.strategy === work.author.strategy) return 100
  return isCheating ? 0 : looks
}

/** DAOs that weigh enough in the domain to rate, the heaviest first. */
function peersOf(world: World, { challenge }: Played, index: number): Agent[] {
  const domain = challenge.tasks[index]?.domain ?? ''
  return world.agents
    .map((agent) => ({ agent, share: shareOf(world.mesh, agent.dao, domain, nowOf(world)) }))
    .filter(({ share }) => share >= terms.minWeight)
    .toSorted((a, b) => Number(b.share - a.share))
    .map(({ agent }) => agent)
}

function isBad(world: World, work: Work): boolean {
  return impression(world, work) < Number(terms.threshold) - 5
}

function impression({ random, assumptions }: World, { quality }: Work): number {
  return Math.max(0, Math.min(100, quality + random.between(-assumptions.noise, assumptions.noise)))
}
