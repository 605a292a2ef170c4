import type { ChallengeRecord } from './record.ts'
import { isOver, owedTo, type TaskState, type TaskStory } from './story.ts'

/** Something that anyone may do in a challenge once it is due, in unix seconds by the chain; 0 is now. `key` names it for good. */
export type Duty = { key: string; due: number } & (
  | { call: 'poke' }
  | { call: 'pokeTask'; task: number }
  | { call: 'adoptPlan'; plan: number }
  | { call: 'returnBond'; plan: number }
  | { call: 'withdrawBid'; task: number; dao: number }
  | { call: 'revealDelivery'; task: number; commitment: string }
  | { call: 'revealRating'; task: number; dao: number; reviewer: string; commitment: string }
  | { call: 'withdraw' | 'refund'; account: string }
)

const busy: readonly TaskState[] = ['assigned', 'committed', 'delivered', 'rating', 'revealing']
const timed: readonly TaskState[] = ['bidding', ...busy]

/** All that is left to do, in the order in which it should be done. */
export function dutiesOf({ story, terms }: Pick<ChallengeRecord, 'story' | 'terms'>): Duty[] {
  const { state, until, tasks, plans } = story
  const isEnded = isOver(story)
  return [
    ...(isEnded ? [] : [...planDuties(story), ...tasks.flatMap(taskDuties)]),
    ...(state === 'working'
      ? lostDuty(tasks, terms.deadline)
      : until !== null && !isEnded
        ? [{ key: `poke/${state}/${until}`, due: until, call: 'poke' as const }]
        : []),
    ...tasks.flatMap((task, number) => bidDuties(task, number, isEnded)),
    ...(state === 'working' || isEnded ? plans.filter((plan) => plan.state === 'open') : []).map(
      ({ number: plan }): Duty => ({ key: `bond/${plan}`, due: 0, call: 'returnBond', plan }),
    ),
    ...moneyDuties(story),
  ]
}

/** More than half of the money must have approved. */
const planDuties = ({ state, plans, funded }: ChallengeRecord['story']): Duty[] =>
  (state === 'planning' ? plans : [])
    .filter((plan) => plan.state === 'open' && BigInt(plan.approved) * 2n > BigInt(funded))
    .slice(0, 1)
    .map(({ number: plan }) => ({ key: `adopt/${plan}`, due: 0, call: 'adoptPlan', plan }))

function taskDuties(task: TaskStory, number: number): Duty[] {
  const { state, until, commitment } = task
  const shown: Duty[] =
    state === 'committed' && commitment !== null
      ? [{ key: `reveal/${number}/${commitment}`, due: 0, call: 'revealDelivery', task: number, commitment }]
      : []
  // Between the two phases of a rating the first reveal moves the task on by itself.
  const ratings = state !== 'revealing' ? [] : task.ratings.filter(({ rating }) => rating === null)
  return [
    ...shown,
    ...ratings.map(({ reviewer, dao, commitment }): Duty => ({
      key: `rating/${number}/${commitment}`,
      due: 0,
      call: 'revealRating',
      task: number,
      dao,
      reviewer,
      commitment,
    })),
    ...(until !== null && timed.includes(state)
      ? [{ key: `task/${number}/${state}/${until}`, due: until, call: 'pokeTask' as const, task: number }]
      : []),
  ]
}

/** What can come to no good end any more ends once nobody works on it. */
function lostDuty(tasks: readonly TaskStory[], deadline: number): Duty[] {
  if (tasks.some(({ state }) => busy.includes(state))) return []
  const isStuck = tasks.some(({ state }) => state === 'failed')
  return [{ key: `poke/working/${isStuck ? 'stuck' : deadline}`, due: isStuck ? 0 : deadline, call: 'poke' }]
}

const bidDuties = ({ state, bids, round }: TaskStory, task: number, isEnded: boolean): Duty[] =>
  (isEnded || state === 'accepted' || state === 'failed' ? bids : []).map(({ dao }) => ({
    key: `bid/${task}/${dao}/${round}`,
    due: 0,
    call: 'withdrawBid',
    task,
    dao,
  }))

function moneyDuties(story: ChallengeRecord['story']): Duty[] {
  const accounts = [...new Set(story.credits.map(({ account }) => account))]
  const owed = accounts.filter((account) => owedTo(story, account) > 0n)
  const paidBack = new Set(story.refunded.map(({ account }) => account))
  return [
    ...owed.map((account): Duty => {
      const credits = story.credits.filter((credit) => credit.account === account).length
      return { key: `pay/${account}/${credits}`, due: 0, call: 'withdraw', account }
    }),
    ...(isOver(story) ? story.sponsors : [])
      .filter(({ address }) => !paidBack.has(address))
      .map(({ address: account }): Duty => ({ key: `refund/${account}`, due: 0, call: 'refund', account })),
  ]
}
