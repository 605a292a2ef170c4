import { daoName, domainWords, taskRef, type ChallengeRecord } from '../record.ts'
import { bitsOf, isOver, type ChallengeState, type PlanStory, type TaskStory } from '../story.ts'
import { cut } from '../../plain.ts'
import {
  address,
  code,
  fields,
  heading,
  list,
  note,
  quote,
  run,
  strong,
  time,
  type Action,
  type Block,
  type Inline,
  type View,
} from '../../view.ts'
import { amount } from '../../amount.ts'

const mostTasks = 32
const shortWords = 80

export const stateWords: Record<ChallengeState, string> = {
  none: 'not there yet',
  funding: 'looks for money',
  planning: 'looks for a plan',
  working: 'in work',
  done: 'done',
  cancelled: 'cancelled',
  expired: 'expired',
}

export const money = ({ unit }: Pick<ChallengeRecord, 'unit'>, value: string | bigint): string =>
  amount(BigInt(value), unit)

export const percent = (basisPoints: number): string => `${(basisPoints / 100).toFixed(2).replace(/\.?0+$/, '')} %`

export const challengeTitle = ({ ref, title }: Pick<ChallengeRecord, 'ref' | 'title'>): string =>
  `${ref}: ${cut(title, 160)}`

/** In channels: how it stands, and what it is made of. */
export function challengeCard(record: ChallengeRecord): View {
  if (record.gone_at)
    return {
      title: challengeTitle(record),
      tone: 'bad',
      body: [note('The chain was reorganised: this challenge was taken back.')],
    }
  return { ...challengeView(record), talk: true }
}

/** The same to whoever asks. */
export function challengeView(record: ChallengeRecord): View {
  const { story } = record
  const tone = story.state === 'done' ? 'good' : isOver(story) ? 'bad' : 'info'
  return {
    title: challengeTitle(record),
    tone,
    body: [
      ...(record.text ? [quote(cut(record.text, 600))] : []),
      fields({
        State: [strong(stateWords[story.state]), ...untilWords(record)],
        Money: `${money(record, story.funded)} of ${money(record, record.goal)}`,
        By: address(record.creator),
        'Ends at the latest': time(record.terms.deadline, 'date'),
      }),
      ...(story.tasks.length > 0 ? [] : requirementBlocks(record)),
      ...planBlocks(record),
      ...taskBlocks(record),
    ],
    actions: challengeActions(record),
  }
}

function untilWords({ story }: ChallengeRecord): Inline[] {
  if (story.until === null || isOver(story)) return []
  const words = {
    funding: ', ends ',
    planning: ', a plan must be adopted ',
    working: ', every task is due at the latest ',
  }
  return [words[story.state as keyof typeof words] ?? ', ends ', time(story.until)]
}

const requirementBlocks = ({ requirements }: ChallengeRecord): Block[] => [
  heading('What a solution has to do'),
  list(...requirements.slice(0, mostTasks).map((each, at) => `${at + 1}. ${cut(each, 200)}`)),
]

function planBlocks(record: ChallengeRecord): Block[] {
  const { story } = record
  if (story.state !== 'planning') return []
  if (story.plans.length === 0) return [note('No plan yet. Anyone may propose one: ', code(`/plan ${record.ref}`))]
  return [heading('Plans'), list(...story.plans.slice(0, 10).map((plan) => planLine(record, plan)))]
}

export function planLine(record: ChallengeRecord, plan: PlanStory): Inline[] {
  const share = (part: string): string =>
    percent(Number((BigInt(part) * 10_000n) / (BigInt(record.story.funded) || 1n)))
  const state = { open: '', adopted: ', adopted', rejected: ', rejected as spam' }[plan.state]
  const spam = plan.spam === '0' ? '' : `, called spam by ${share(plan.spam)}`
  return [
    `Plan ${plan.number}: ${plan.tasks.length} tasks, by `,
    address(plan.author),
    `, approved by ${share(plan.approved)} of the money${spam}${state}`,
  ]
}

function taskBlocks(record: ChallengeRecord): Block[] {
  const { tasks } = record.story
  if (tasks.length === 0) return []
  return [heading('Tasks'), list(...tasks.slice(0, mostTasks).map((task, number) => taskLine(record, task, number)))]
}

/** `2. Translate it (writing, 20 %, after 1): open for bids until …` */
function taskLine(record: ChallengeRecord, task: TaskStory, number: number): Inline[] {
  const needs = bitsOf(task.dependencies)
  const isWhole = number > 0 && needs.length === number
  const after = needs.length === 0 ? '' : `, after ${isWhole && number > 1 ? 'all before' : needsWords(task)}`
  return [
    `${number + 1}. ${cut(task.title, shortWords)} (${domainWords(record, task.domain)}, ${money(record, task.payout)}${after}): `,
    ...taskStateWords(record, task),
  ]
}

export const needsWords = ({ dependencies }: Pick<TaskStory, 'dependencies'>): string =>
  bitsOf(dependencies)
    .map((each) => each + 1)
    .join(', ')

/** How a task stands, and until when. */
export function taskStateWords(record: ChallengeRecord, task: TaskStory): Inline[] {
  const by = task.assignee === null ? 'nobody' : cut(daoName(record, task.assignee), 40)
  const until: Inline = task.until === null ? 'later' : time(task.until)
  const rated = task.rating === null ? '' : `, rated ${task.rating} of 100`
  const bids = task.bids.length === 1 ? '1 bid' : `${task.bids.length} bids`
  const words: Record<TaskStory['state'], Inline[]> = {
    waiting: [strong('waits'), ` for ${needsWords(task) || 'its turn'}`],
    bidding: [strong('open for bids'), ` (${bids}), which ends `, until],
    assigned: [strong('in work'), ` by ${by}, due `, until],
    committed: [strong('handed in'), ` by ${by}, shown by `, until],
    delivered: [strong('delivered'), ` by ${by}, stands unless somebody objects before `, until],
    rating: [strong('in dispute'), `, reviewers rate the work of ${by}, which ends `, until],
    revealing: [strong('in dispute'), `, the ratings of the work of ${by} are shown, which ends `, until],
    accepted: [strong('accepted'), `, done by ${by}${rated}`],
    failed: [strong('failed'), ': nobody can do it in time'],
  }
  const past = task.past.map(
    ({ dao, how }) => `${cut(daoName(record, dao), 40)} ${how === 'late' ? 'was late' : 'was rejected'}`,
  )
  return [...words[task.state], ...(past.length > 0 ? [`; ${past.join(', ')}`] : [])]
}

function challengeActions(record: ChallengeRecord): Action[] {
  const { ref, story } = record
  if (story.state === 'funding')
    return [run('Fund it', `challenge-fund ${ref}`, 'primary'), run('Details', `challenge ${ref}`)]
  if (story.state === 'planning')
    return [
      run('Propose a plan', `plan ${ref}`, 'primary'),
      ...story.plans.slice(0, 3).map(({ number }) => run(`Plan ${number}`, `plan-show ${ref} ${number}`)),
    ]
  const open = story.tasks.flatMap((task, number) =>
    task.state === 'accepted' || task.state === 'waiting'
      ? []
      : [run(`Task ${number + 1}`, `task ${taskRef(record, number)}`)],
  )
  return [
    ...(isOver(story) ? [] : open.slice(0, 4)),
    run('Result', `result ${ref}`, isOver(story) ? 'primary' : undefined),
  ]
}

export type ListedChallenge = { ref: string; title: string; state: ChallengeState; until: number | null; money: string }

/** What can be worked on, then what is over. */
export function challengesView(data: { global: { name: string }; challenges: readonly ListedChallenge[] }): View {
  const { global, challenges } = data
  return {
    title: `Challenges of ${cut(global.name, 80)}`,
    body:
      challenges.length === 0
        ? [note('No challenge yet. Anyone may set one: ', code('/challenge new'))]
        : [list(...challenges.map(challengeLine))],
    actions: [
      ...challenges.slice(0, 4).map(({ ref }) => run(ref, `challenge ${ref}`)),
      run('New challenge', 'challenge-new'),
    ],
  }
}

/** `global-3: Port the archive (at work, 900 of 1,000 USDC, ends in 3 days)` */
export const challengeLine = ({ ref, title, state, until, money }: ListedChallenge): Inline[] => [
  `${ref}: ${cut(title, 120)} (`,
  strong(stateWords[state]),
  `, ${money}`,
  ...(until === null ? [] : [', ends ', time(until)]),
  ')',
]
