import { daoName, taskRef, type ChallengeRecord } from '../record.ts'
import { bitsOf, challengeStates } from '../story.ts'
import { cut } from '../../plain.ts'
import { address, note, run, text, time, type Action, type Inline, type View } from '../../view.ts'
import { challengeTitle, money, stateWords } from './challenge.ts'

type Args = Record<string, unknown>
type Told = {
  words: (record: ChallengeRecord, args: Args) => Inline[]
  actions?: (record: ChallengeRecord, args: Args) => Action[]
}

const who = (record: ChallengeRecord, { dao }: Args): string => cut(daoName(record, Number(dao)), 60)
const what = (record: ChallengeRecord, { task }: Args): string => {
  const number = Number(task)
  return `task ${number + 1} (${cut(record.story.tasks[number]?.title ?? 'unknown', 80)})`
}
const at = (seconds: unknown): Inline => time(Number(seconds))
const show = (record: ChallengeRecord, { task }: Args): Action =>
  run(`Task ${Number(task) + 1}`, `task ${taskRef(record, Number(task))}`)

/** What each step says in a channel; the card above it has the rest. */
const told: Record<string, Told> = {
  StateChanged: {
    words: (_, { state, until }) => {
      const name = challengeStates[Number(state)] ?? 'none'
      const end: Inline[] = Number(until) === 0 ? ['.'] : [', until ', at(until), '.']
      return [
        `The challenge ${name === 'done' || name in { cancelled: 1, expired: 1 } ? 'is' : 'now'} ${stateWords[name]}`,
        ...end,
      ]
    },
    actions: ({ ref, story }) =>
      story.state === 'planning' ? [run('Propose a plan', `plan ${ref}`, 'primary')] : [run('Result', `result ${ref}`)],
  },
  Funded: {
    words: (record, { sponsor, amount, total }) => [
      address(String(sponsor)),
      ` put in ${money(record, amount as bigint)}: ${money(record, total as bigint)} of ${money(record, record.goal)}.`,
    ],
  },
  PlanProposed: {
    words: (_, { plan, author, tasks }) => [
      `Plan ${Number(plan)} was proposed by `,
      address(String(author)),
      `: ${(tasks as unknown[]).length} tasks. The sponsors decide.`,
    ],
    actions: ({ ref }, { plan }) => [run(`Plan ${Number(plan)}`, `plan-show ${ref} ${Number(plan)}`, 'primary')],
  },
  PlanRejected: { words: (_, { plan }) => [`Plan ${Number(plan)} was rejected as spam; its bond is lost.`] },
  PlanAdopted: {
    words: (record, { plan, budget }) => [
      `Plan ${Number(plan)} was adopted: ${money(record, budget as bigint)} for its tasks.`,
    ],
  },
  BiddingOpened: {
    words: (record, args) => [`DAOs may bid for ${what(record, args)} until `, at(args['until']), '.'],
    actions: (record, args) => [
      run('Bid', `bid ${taskRef(record, Number(args['task']))}`, 'primary'),
      show(record, args),
    ],
  },
  BidPlaced: {
    words: (record, args) => [
      `${who(record, args)} bids for ${what(record, args)} with a stake of ${money(record, args['stake'] as bigint)}.`,
    ],
  },
  TaskAssigned: {
    words: (record, args) => [
      `${who(record, args)} ${Number(args['round']) > 1 ? 'takes over' : 'does'} ${what(record, args)}, due `,
      at(args['dueAt']),
      '.',
    ],
    actions: (record, args) => [show(record, args)],
  },
  DeliveryCommitted: {
    words: (record, args) => [
      `${who(record, args)} has handed in ${what(record, args)}, sealed; it is shown by `,
      at(args['revealUntil']),
      '.',
    ],
  },
  Delivered: {
    words: (record, args) => [
      `${who(record, args)} has delivered ${what(record, args)}. It stands unless somebody objects before `,
      at(args['reviewUntil']),
      '.',
    ],
    actions: (record, args) => [
      show(record, args),
      run('Object', `review ${taskRef(record, Number(args['task']))} object`, 'danger'),
    ],
  },
  Objected: {
    words: (record, args) => [
      address(String(args['objector'])),
      ` objects to ${what(record, args)}: “${cut(String(args['reason']), 300)}”. Reviewers rate it until `,
      at(args['commitUntil']),
      '.',
    ],
    actions: (record, args) => [run('Rate it', `review ${taskRef(record, Number(args['task']))} rate`, 'primary')],
  },
  RatingCommitted: {
    words: (record, args) => [
      ...(Number(args['dao']) === 0 ? ['The sponsor ', address(String(args['reviewer']))] : [who(record, args)]),
      ` has rated ${what(record, args)}, sealed.`,
    ],
  },
  RevealOpened: {
    words: (record, args) => [`The ratings of ${what(record, args)} are shown until `, at(args['until']), '.'],
    actions: (record, args) => [
      run('Show my rating', `review ${taskRef(record, Number(args['task']))} reveal`, 'primary'),
      show(record, args),
    ],
  },
  TaskAccepted: {
    words: (record, args) => [
      `The work of ${who(record, args)} on ${what(record, args)} is accepted${args['rated'] === true ? `, rated ${Number(args['rating'])} of 100` : ''}.`,
    ],
  },
  TaskRejected: {
    words: (record, args) => [
      `The work of ${who(record, args)} on ${what(record, args)} is rejected, rated ${Number(args['rating'])} of 100: it loses ${money(record, args['slashed'] as bigint)} of its stake.`,
    ],
  },
  TaskLate: {
    words: (record, args) => [
      `${who(record, args)} is late with ${what(record, args)} and loses ${money(record, args['slashed'] as bigint)} of its stake.`,
    ],
  },
  TaskFailed: {
    words: (record, args) => [`Nobody can do ${what(record, args)} in time: the challenge cannot be finished.`],
  },
  TasksReturned: {
    words: (_, { tasks }) => [
      `The sponsors return the whole; rated once more: task ${bitsOf(Number(tasks))
        .map((each) => each + 1)
        .join(', ')}.`,
    ],
  },
}

type Step = { name: string; args: Args; gone_at: Date | null }

/** A short message under the card of a challenge; undefined for what the card alone shows. */
export function stepView(record: ChallengeRecord, { name, args, gone_at: goneAt }: Step): View | undefined {
  const step = told[name]
  if (!step) return undefined
  if (goneAt !== null)
    return {
      title: challengeTitle(record),
      body: [note('The chain was reorganised: this step was taken back. The card says how it stands now.')],
    }
  return {
    title: challengeTitle(record),
    body: [text(...step.words(record, args))],
    actions: step.actions?.(record, args) ?? [run('The challenge', `challenge ${record.ref}`)],
  }
}
