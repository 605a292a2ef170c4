import { cleanText } from '../clean.ts'
import {
  bitsOf,
  challengeStates,
  creditReasons,
  type ChallengeStory,
  type PlanStory,
  type TaskSpec,
  type TaskStory,
  type Terms,
} from './story.ts'
import { terms as rules } from './terms.ts'

/** One event of a challenge; `at` is the time of its block. */
export type ChallengeEvent = { name: string; args: Record<string, unknown>; at: number | undefined }

export const beginning = (terms: Pick<Terms, 'fundingUntil'>): ChallengeStory => ({
  state: 'funding',
  until: terms.fundingUntil,
  funded: '0',
  sponsors: [],
  plans: [],
  adopted: null,
  tasks: [],
  manifest: null,
  verdicts: [],
  credits: [],
  withdrawn: [],
  refunded: [],
})

/** Tells a challenge from its events, in the order of the chain. Events that it does not know change nothing. */
export function foldChallenge(terms: Terms, events: readonly ChallengeEvent[]): ChallengeStory {
  const story = beginning(terms)
  for (const { name, args, at } of events) folds[name]?.(story, read(args), { terms, at })
  return story
}

type Args = {
  number(name: string): number
  amount(name: string): bigint
  text(name: string): string
  account(name: string): string
  raw(name: string): unknown
}
type Fold = (story: ChallengeStory, args: Args, more: { terms: Terms; at: number | undefined }) => void

const most = 4_000
const mostLink = 500

function read(args: Record<string, unknown>): Args {
  const raw = (name: string): unknown => args[name]
  return {
    raw,
    number: (name) => Number(raw(name) as bigint | number),
    amount: (name) => BigInt(raw(name) as bigint | number),
    text: (name) => wordsOf(raw(name)),
    account: (name) => String(raw(name)).toLowerCase(),
  }
}

/** A stranger's text, as it may be shown. */
const wordsOf = (value: unknown): string => cleanText(String(value).slice(0, most))

const taskOf = (story: ChallengeStory, args: Args): TaskStory | undefined => story.tasks[args.number('task')]

const onTask =
  (change: (task: TaskStory, args: Args, story: ChallengeStory) => void): Fold =>
  (story, args) => {
    const task = taskOf(story, args)
    if (task) change(task, args, story)
  }

const folds: Record<string, Fold> = {
  StateChanged(story, args) {
    story.state = challengeStates[args.number('state')] ?? story.state
    story.until = args.number('until') || null
  },
  Funded(story, args) {
    const address = args.account('sponsor')
    story.funded = args.amount('total').toString()
    const known = story.sponsors.find((sponsor) => sponsor.address === address)
    if (known) known.amount = (BigInt(known.amount) + args.amount('amount')).toString()
    else story.sponsors.push({ address, amount: args.amount('amount').toString() })
  },
  PlanProposed(story, args) {
    story.plans.push({
      number: args.number('plan'),
      author: args.account('author'),
      bond: args.amount('bond').toString(),
      summary: args.text('summary'),
      tasks: (args.raw('tasks') as Record<string, unknown>[]).map(specOf),
      approved: '0',
      spam: '0',
      state: 'open',
    })
  },
  PlanJudged(story, args) {
    const plan = planOf(story, args)
    const side = args.raw('approved') === true ? 'approved' : 'spam'
    if (plan) plan[side] = (BigInt(plan[side]) + args.amount('weight')).toString()
  },
  PlanRejected(story, args) {
    const plan = planOf(story, args)
    if (plan) plan.state = 'rejected'
  },
  PlanAdopted(story, args) {
    const plan = planOf(story, args)
    if (!plan) return
    plan.state = 'adopted'
    story.adopted = plan.number
    story.tasks = tasksOf(plan, args.amount('budget'))
  },
  BiddingOpened: onTask((task, args) => {
    Object.assign(task, { state: 'bidding', until: args.number('until'), assignee: null, stake: '0' })
  }),
  BidPlaced: onTask((task, args) => {
    task.bids.push({ dao: args.number('dao'), stake: args.amount('stake').toString() })
  }),
  BidWithdrawn: onTask((task, args) => {
    task.bids = task.bids.filter(({ dao }) => dao !== args.number('dao'))
  }),
  TaskAssigned: onTask((task, args) => {
    const dao = args.number('dao')
    const bid = task.bids.find((each) => each.dao === dao)
    task.bids = task.bids.filter((each) => each !== bid)
    Object.assign(task, {
      state: 'assigned',
      until: args.number('dueAt'),
      assignee: dao,
      round: args.number('round'),
      commitment: null,
      delivery: null,
      objection: null,
      ratings: [],
    })
    if (bid) task.stake = bid.stake
  }),
  DeliveryCommitted: onTask((task, args) => {
    Object.assign(task, {
      state: 'committed',
      until: args.number('revealUntil'),
      commitment: String(args.raw('commitment')),
    })
  }),
  Delivered: onTask((task, args) => {
    task.state = 'delivered'
    task.until = args.number('reviewUntil')
    task.delivery = {
      deliverable: String(args.raw('deliverable')),
      cid: String(args.raw('cid')).slice(0, mostLink),
      contributors: (args.raw('contributors') as bigint[]).map((each) => ({
        id: (each >> 16n).toString(),
        share: Number(each & 0xffffn),
      })),
    }
  }),
  ManifestSubmitted(story, args) {
    story.manifest = { root: String(args.raw('root')), parts: args.number('parts') }
    story.verdicts = []
  },
  Objected: onTask((task, args) => {
    task.state = 'rating'
    task.until = args.number('commitUntil')
    task.objection = {
      by: args.account('objector'),
      bond: args.amount('bond').toString(),
      reason: args.text('reason'),
    }
    task.ratings = []
  }),
  RatingCommitted: onTask((task, args) => {
    task.ratings.push({
      reviewer: args.account('reviewer'),
      dao: args.number('dao'),
      commitment: String(args.raw('commitment')),
      rating: null,
      reason: '',
    })
  }),
  RevealOpened: onTask((task, args) => {
    Object.assign(task, { state: 'revealing', until: args.number('until') })
  }),
  RatingRevealed: onTask((task, args) => {
    const [reviewer, dao] = [args.account('reviewer'), args.number('dao')]
    const known = task.ratings.find((each) => each.reviewer === reviewer && each.dao === dao)
    if (known) Object.assign(known, { rating: args.number('rating'), reason: args.text('reason') })
  }),
  TaskAccepted: onTask((task, args) => {
    Object.assign(task, { state: 'accepted', until: null })
    if (args.raw('rated') === true) task.rating = args.number('rating')
  }),
  TaskRejected: onTask((task, args) => {
    task.rating = args.number('rating')
    lose(task, args, 'rejected')
  }),
  TaskLate: onTask((task, args) => lose(task, args, 'late')),
  TaskFailed: onTask((task) => Object.assign(task, { state: 'failed', until: null })),
  ManifestJudged(story, args) {
    story.verdicts.push({
      sponsor: args.account('sponsor'),
      weight: args.amount('weight').toString(),
      returned: bitsOf(args.number('returned')),
      reason: args.text('reason'),
    })
  },
  TasksReturned(story, args, { terms, at }) {
    const whole = story.tasks.at(-1)
    if (whole) Object.assign(whole, { state: 'waiting', until: null, delivery: null, commitment: null })
    story.manifest = null
    for (const number of bitsOf(args.number('tasks'))) {
      const task = story.tasks[number]
      const until = at === undefined ? null : at + terms.ratingTime
      if (task) Object.assign(task, { state: 'rating', until, ratings: [], objection: null })
    }
  },
  Credited(story, args) {
    const reason = creditReasons[args.number('reason')] ?? 'payout'
    story.credits.push({ account: args.account('account'), reason, amount: args.amount('amount').toString() })
  },
  Withdrawn: taken('account', 'withdrawn'),
  Reclaimed: taken('account', 'withdrawn'),
  Refunded: taken('sponsor', 'refunded'),
}

function taken(who: string, where: 'withdrawn' | 'refunded'): Fold {
  return (story, args) => {
    story[where].push({ account: args.account(who), amount: args.amount('amount').toString() })
  }
}

function lose(task: TaskStory, args: Args, how: 'late' | 'rejected'): void {
  task.past.push({ dao: args.number('dao'), how, slashed: args.amount('slashed').toString() })
  Object.assign(task, { assignee: null, stake: '0', commitment: null, delivery: null, objection: null, ratings: [] })
}

const planOf = (story: ChallengeStory, args: Args): PlanStory | undefined =>
  story.plans.find(({ number }) => number === args.number('plan'))

function specOf(raw: Record<string, unknown>): TaskSpec {
  const args = read(raw)
  return {
    title: args.text('title'),
    acceptance: args.text('acceptance'),
    domain: String(raw['domain']),
    weight: args.number('weight'),
    dependencies: args.number('dependencies'),
    covers: args.number('covers'),
    workTime: args.number('workTime'),
    minStake: args.amount('minStake').toString(),
  }
}

const fullWeight = 10_000n

/** As the contract shares the budget: what division leaves over goes to the last task. */
function tasksOf({ tasks }: PlanStory, budget: bigint): TaskStory[] {
  let left = budget
  return tasks.map((spec, number) => {
    const payout = number === tasks.length - 1 ? left : (budget * BigInt(spec.weight)) / fullWeight
    left -= payout
    const least = (payout * rules.minStake) / fullWeight
    return {
      ...spec,
      minStake: (BigInt(spec.minStake) > least ? BigInt(spec.minStake) : least).toString(),
      payout: payout.toString(),
      state: 'waiting',
      until: null,
      assignee: null,
      stake: '0',
      round: 0,
      bids: [],
      past: [],
      commitment: null,
      delivery: null,
      objection: null,
      ratings: [],
      rating: null,
    }
  })
}
