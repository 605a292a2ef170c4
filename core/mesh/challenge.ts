import { bestBid, worstBid, worthOfBid, type Bid, type Priced } from './allocate.ts'
import { isNear, verdictOf, type Verdict } from './median.ts'
import { daoOf, judgeReviewer, moveReputation, shareOf, standingOf, type Mesh } from './mesh.ts'
import { terms } from './terms.ts'

/** A challenge at work, as `Challenge.sol` allocates and settles it; time only as the moment of each step. */
export type Challenge = {
  mesh: Mesh
  budget: bigint
  /** Sponsor's account → what it funded. */
  sponsors: Map<string, bigint>
  tasks: Task[]
  treasury: string
  /** Account → what it may withdraw. */
  credits: Map<string, bigint>
}

export type Task = Priced & {
  status: 'open' | 'assigned' | 'accepted' | 'failed'
  bids: Bid[]
  failed: Set<number>
  round: number
  assignee?: Bid
}

/** A reviewer speaks as a sponsor, or for a DAO that is known in the domain. */
export type Review = { reviewer: string; dao?: number; weight: bigint; rating?: number }
export type Objection = { objector: string; reviews: readonly Review[] }
export type Outcome = { status: 'accepted' | 'rejected' | 'late'; rating?: number; slashed: bigint; share?: bigint }

export function createChallenge(
  mesh: Mesh,
  params: {
    unit: bigint
    treasury: string
    sponsors: Iterable<readonly [string, bigint]>
    tasks: readonly { domain: string; weight: number; minStake?: bigint }[]
  },
): Challenge {
  const sponsors = new Map(params.sponsors)
  const budget = [...sponsors.values()].reduce((sum, amount) => sum + amount, 0n)
  const payouts = payoutsOf(
    budget,
    params.tasks.map(({ weight }) => weight),
  )
  const tasks = params.tasks.map(({ domain, minStake = 0n }, index): Task => {
    const payout = payouts[index] ?? 0n
    const least = (payout * terms.minStake) / terms.full
    return {
      domain,
      payout,
      minStake: minStake > least ? minStake : least,
      unit: params.unit,
      status: 'open',
      bids: [],
      failed: new Set(),
      round: 0,
    }
  })
  return { mesh, budget, sponsors, tasks, treasury: params.treasury, credits: new Map() }
}

/** What each task pays; what division leaves over goes to the last. */
function payoutsOf(budget: bigint, weights: readonly number[]): bigint[] {
  const payouts = weights.map((weight) => (budget * BigInt(weight)) / terms.full)
  const rest = payouts.slice(0, -1).reduce((left, payout) => left - payout, budget)
  return [...payouts.slice(0, -1), rest]
}

/** Places a bid; false when the contract would refuse it. */
export function placeBid(c: Challenge, index: number, dao: number, stake: bigint, now: bigint): boolean {
  const task = taskOf(c, index)
  if (task.status !== 'open' || stake < task.minStake || task.failed.has(dao)) return false
  if (task.bids.some((bid) => bid.dao === dao)) return false
  const worth = worthOfBid(c.mesh, task, dao, stake, now)
  if (worth === 0n) return false
  if (task.bids.length === terms.maxBids) {
    const worst = worstBid(task.bids)
    if (!worst || worth <= worst.worth) return false
    withdrawBid(c, index, worst.dao)
  }
  task.bids.push({ dao, stake, worth })
  return true
}

/** Gives a stake back to a bidder that was not chosen. */
export function withdrawBid(c: Challenge, index: number, dao: number): void {
  const task = taskOf(c, index)
  const bid = task.bids.find((bid) => bid.dao === dao)
  if (!bid) return
  task.bids = task.bids.filter((other) => other !== bid)
  credit(c, daoOf(c.mesh, dao).account, bid.stake)
}

/** Gives the task to the best bidder; undefined when nobody bids. */
export function assignTask(c: Challenge, index: number, now: bigint): number | undefined {
  const task = taskOf(c, index)
  const best = bestBid(c.mesh, task, task.bids, now)
  if (!best) return undefined
  task.bids = task.bids.filter((bid) => bid !== best)
  task.assignee = best
  task.status = 'assigned'
  task.round += 1
  daoOf(c.mesh, best.dao).openTasks += 1
  return best.dao
}

/** The weight with which a sponsor, or the account of a DAO, could rate a delivery; 0 when it may not. */
export function reviewWeight(
  c: Challenge,
  index: number,
  who: { reviewer: string; dao?: number; objector: string },
  now: bigint,
): bigint {
  const task = taskOf(c, index)
  const author = task.assignee ? daoOf(c.mesh, task.assignee.dao).account : ''
  if (who.reviewer === author || who.reviewer === who.objector) return 0n
  if (task.bids.some(({ dao }) => dao === who.dao || daoOf(c.mesh, dao).account === who.reviewer)) return 0n
  const weight =
    who.dao === undefined
      ? ((c.sponsors.get(who.reviewer) ?? 0n) * terms.full) / c.budget
      : shareOf(c.mesh, who.dao, task.domain, now)
  const trusted = (weight * standingOf(c.mesh, who.reviewer)) / terms.full
  return trusted < terms.minWeight ? 0n : trusted
}

export function objectionBond(task: Priced): bigint {
  const bond = (task.payout * terms.objectionBond) / terms.full
  return bond === 0n ? 1n : bond
}

/** Ends a delivery, after its window or its reveals: accepted, or rejected and open for the next bidder. */
export function settleDelivery(c: Challenge, index: number, objection: Objection | undefined, now: bigint): Outcome {
  const task = taskOf(c, index)
  const verdict = objection && judge(c, objection.reviews)
  if (objection && verdict && BigInt(verdict.median) < terms.threshold) return reject(c, task, objection, verdict, now)
  const rating = verdict?.median
  if (objection) credit(c, authorOf(c, task), objectionBond(task))
  const isOwn = c.sponsors.has(authorOf(c, task))
  const gain = isOwn ? 0n : (pointsOf(task) * BigInt(rating ?? terms.unrated)) / 100n
  close(c, task, gain, 0n, now)
  task.status = 'accepted'
  return { status: 'accepted', slashed: 0n, ...(rating !== undefined && { rating }) }
}

/** Takes a task from a DAO that let its time pass. */
export function settleLate(c: Challenge, index: number, now: bigint): Outcome {
  const task = taskOf(c, index)
  const slashed = ((task.assignee?.stake ?? 0n) * terms.lateSlash) / terms.full
  credit(c, c.treasury, slashed)
  close(c, task, -(pointsOf(task) / 2n), slashed, now)
  reopen(task)
  return { status: 'late', slashed }
}

/** Pays what was accepted; returns what goes back to the sponsors. */
export function endChallenge(c: Challenge): bigint {
  let left = c.budget
  for (const task of c.tasks.filter(({ status }) => status === 'accepted')) {
    const fee = (task.payout * terms.fee) / terms.full
    credit(c, c.treasury, fee)
    credit(c, authorOf(c, task), task.payout - fee)
    left -= task.payout
  }
  return left
}

/** Part of the stake that a rejected delivery loses, in basis points: more the worse it is, never all; little on the word of sponsors alone. */
function slashRate(rating: number, isByPeers: boolean): bigint {
  const { leastSlash, mostSlash, threshold } = terms
  if (!isByPeers) return terms.lateSlash
  return leastSlash + ((threshold - BigInt(rating)) * (mostSlash - leastSlash)) / threshold
}

function reject(c: Challenge, task: Task, objection: Objection, { median, isByPeers }: Verdict, now: bigint): Outcome {
  const slashed = ((task.assignee?.stake ?? 0n) * slashRate(median, isByPeers)) / terms.full
  const share = isByPeers ? (slashed * terms.objectorShare) / terms.full : 0n
  credit(c, objection.objector, objectionBond(task) + share)
  credit(c, c.treasury, slashed - share)
  close(c, task, -pointsOf(task), slashed, now)
  reopen(task)
  return { status: 'rejected', rating: median, slashed, share }
}

/** What those say who showed their ratings; all are trusted more or less by it. */
function judge(c: Challenge, reviews: readonly Review[]): Verdict | undefined {
  const verdict = verdictOf(
    reviews.flatMap(({ weight, rating, dao }) =>
      rating === undefined ? [] : [{ weight, rating, isPeer: dao !== undefined }],
    ),
  )
  for (const { reviewer, rating } of reviews) {
    judgeReviewer(c.mesh, reviewer, rating !== undefined && (!verdict || isNear(rating, verdict.median)))
  }
  return verdict
}

/** Gives back what is left of the stake and writes down how it went. */
function close(c: Challenge, task: Task, change: bigint, slashed: bigint, now: bigint): void {
  const { assignee } = task
  if (!assignee) throw new Error('Nobody has this task')
  const dao = daoOf(c.mesh, assignee.dao)
  credit(c, dao.account, assignee.stake - slashed)
  dao.openTasks -= 1
  dao.settledTasks += 1
  moveReputation(c.mesh, assignee.dao, task.domain, change, now)
}

function reopen(task: Task): void {
  if (task.assignee) task.failed.add(task.assignee.dao)
  delete task.assignee
  task.status = task.round >= terms.maxRounds ? 'failed' : 'open'
}

function taskOf(c: Challenge, index: number): Task {
  const task = c.tasks[index]
  if (!task) throw new Error(`No task ${index}`)
  return task
}

function authorOf(c: Challenge, task: Task): string {
  return task.assignee ? daoOf(c.mesh, task.assignee.dao).account : ''
}

function pointsOf({ payout, unit }: Priced): bigint {
  return (payout * terms.points) / unit
}

function credit({ credits }: Challenge, account: string, amount: bigint): void {
  credits.set(account, (credits.get(account) ?? 0n) + amount)
}
