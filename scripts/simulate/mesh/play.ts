import {
  assignTask,
  createChallenge,
  endChallenge,
  placeBid,
  settleLate,
  withdrawBid,
} from '../../../core/mesh/challenge.ts'
import { daoOf, fitOf } from '../../../core/mesh/mesh.ts'
import { terms } from '../../../core/mesh/terms.ts'
import { cheatingSponsor, judgeWork } from './judge.ts'
import type { Played, Sponsor } from './played.ts'
import { strategies, type Work } from './strategies.ts'
import {
  addAgent,
  agentOf,
  book,
  coin,
  coins,
  domains,
  nowOf,
  unit,
  type Agent,
  type Book,
  type World,
} from './world.ts'

const [biddingDays, reviewDays] = [2, 3]

/** Opens a challenge of two to eight tasks, the last of which depends on all others. */
export function openChallenge(world: World, sponsors: readonly Sponsor[], count: number, budget: number): Played {
  const { random } = world
  const parts = sponsors.map(() => random.between(1, 3))
  const sum = parts.reduce((a, b) => a + b, 0)
  const weights = weightsOf(world, count)
  const challenge = createChallenge(world.mesh, {
    unit,
    treasury: 'treasury',
    sponsors: sponsors.map(
      ({ account }, i) => [account, BigInt(Math.floor((budget * (parts[i] ?? 0)) / sum)) * coin] as const,
    ),
    tasks: weights.map((weight) => ({ domain: random.pick(domains), weight })),
  })
  const dependencies = weights.map((_, i) =>
    Array.from({ length: i }, (_, j) => j).filter(() => i === count - 1 || random.chance(0.3)),
  )
  return {
    challenge,
    sponsors,
    dependencies,
    next: weights.map(() => world.day + biddingDays),
    work: weights.map(() => undefined),
    stakesIn: 0n,
    taken: new Set(),
    isOver: false,
    transactions: 0,
  }
}

/** Everything that is due today. */
export function playDay(world: World, played: Played): void {
  const { challenge, next } = played
  for (const [index, task] of challenge.tasks.entries()) {
    if (task.status === 'accepted' || task.status === 'failed') continue
    if (!(played.dependencies[index] ?? []).every((i) => challenge.tasks[i]?.status === 'accepted')) {
      next[index] = world.day + biddingDays
      continue
    }
    if (world.day < (next[index] ?? 0)) continue
    if (task.status === 'open') takeBids(world, played, index)
    else if (played.work[index]) review(world, played, index)
    else deliver(world, played, index)
  }
  const states = challenge.tasks.map(({ status }) => status)
  if (states.every((s) => s === 'accepted') || (states.includes('failed') && !states.includes('assigned')))
    finish(world, played)
}

function takeBids(world: World, played: Played, index: number): void {
  const { challenge } = played
  const task = challenge.tasks[index]
  if (!task) return
  if (task.bids.length === 0) {
    for (const agent of world.random.shuffled(bidders(world, task.domain, played)).slice(0, 24)) {
      const { stake } = strategies[agent.strategy]
      const amount = (task.minStake * BigInt(Math.round(stake * 10))) / 10n
      if (!placeBid(challenge, index, agent.dao, amount, nowOf(world))) continue
      played.stakesIn += amount
      played.transactions += 1
    }
  }
  played.transactions += 1
  const dao = assignTask(challenge, index, nowOf(world))
  played.next[index] = world.day + (dao === undefined ? biddingDays : world.random.whole(5, 15))
}

/** Who is at home in the domain and has a hand free; a sybil's owner brings a fresh DAO for each one that is spent. */
function bidders(world: World, domain: string, { sponsors }: Played): Agent[] {
  const washer = sponsors.find(({ washes }) => washes)?.washes
  const free = world.agents.filter((agent) => {
    const { openTasks, settledTasks } = daoOf(world.mesh, agent.dao)
    if (agent.strategy === 'sybil' && settledTasks > 0) return false
    if (openTasks >= strategies[agent.strategy].atOnce || fitOf(world.mesh, agent.dao, domain).fit === 0n) return false
    return agent === washer || agent.strategy === 'sybil' || world.random.chance(0.5)
  })
  return free
}

function deliver(world: World, played: Played, index: number): void {
  const { challenge } = played
  const task = challenge.tasks[index]
  if (!task?.assignee) return
  const author = agentOf(world, task.assignee.dao)
  const work = strategies[author.strategy].work(world, author, task)
  played.transactions += work ? 2 : 1
  if (work) {
    played.work[index] = work
    played.next[index] = world.day + reviewDays
    bookWork(world, work, { tasks: 1, spent: work.cost * coins(task.payout) })
    return
  }
  const { slashed } = settleLate(challenge, index, nowOf(world))
  book(world, author.strategy, 'attack', { tasks: 1, lost: coins(slashed) })
  played.next[index] = world.day
}

function review(world: World, played: Played, index: number): void {
  const work = played.work[index]
  if (!work) return
  played.transactions += 1
  const outcome = judgeWork(world, played, index, work)
  if (outcome.status === 'accepted') return
  bookWork(world, work, { lost: coins(outcome.slashed) })
  played.work[index] = undefined
  played.next[index] = world.day
  if (work.author.strategy === 'sybil') addAgent(world, 'sybil')
}

/** Pays, and books what each earned by good faith and by attack. */
function finish(world: World, played: Played): void {
  const { challenge } = played
  played.isOver = true
  for (const [index, task] of challenge.tasks.entries()) {
    for (const { dao } of task.bids) withdrawBid(challenge, index, dao)
    const work = played.work[index]
    if (task.status !== 'accepted' || !work) continue
    const pay = coins(task.payout)
    const washes = played.sponsors.some(({ washes }) => washes?.strategy === work.author.strategy)
    // What one pays to oneself is no income; the fee is a cost.
    const fee = (pay * Number(terms.fee)) / Number(terms.full)
    bookWork(world, work, { accepted: 1, ...(washes ? { lost: fee } : { received: pay - fee }) })
  }
  // Work that was seen and never paid for is what a cheating sponsor wins.
  for (const index of played.taken) {
    const task = challenge.tasks[index]
    if (task && task.status !== 'accepted') book(world, cheatingSponsor, 'attack', { received: coins(task.payout) })
  }
  const left = endChallenge(challenge)
  const out = [...challenge.credits.values()].reduce((sum, amount) => sum + amount, left)
  if (out !== challenge.budget + played.stakesIn) throw new Error('Money was made or lost')
}

function bookWork(world: World, { author, isAttack }: Work, entry: Partial<Book>): void {
  book(world, author.strategy, isAttack ? 'attack' : 'work', entry)
}

function weightsOf({ random }: World, count: number): number[] {
  const parts = Array.from({ length: count }, () => random.between(1, 4))
  const sum = parts.reduce((a, b) => a + b, 0)
  const weights = parts.slice(0, -1).map((part) => Math.floor((10_000 * part) / sum))
  return [...weights, 10_000 - weights.reduce((a, b) => a + b, 0)]
}
