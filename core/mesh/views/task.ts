import { durationWords } from '../../duration.ts'
import { daoName, domainWords, taskRef, type ChallengeRecord } from '../record.ts'
import { bitsOf, type TaskStory } from '../story.ts'
import { cut, safeUrl } from '../../plain.ts'
import {
  address,
  code,
  fields,
  heading,
  link,
  list,
  note,
  quote,
  run,
  text,
  type Action,
  type Block,
  type Inline,
  type View,
} from '../../view.ts'
import { challengeTitle, money, needsWords, percent, taskStateWords } from './challenge.ts'

type Found = { record: ChallengeRecord; task: TaskStory; number: number }

/** A task to whoever asks. `now` is the chain's time: what is due may be called for by anyone. */
export function taskView({ record, task, number }: Found, now: number): View {
  const ref = taskRef(record, number)
  const covers = bitsOf(task.covers).map((each) => cut(record.requirements[each] ?? '', 80))
  return {
    title: `${ref}: ${cut(task.title, 160)}`,
    tone: task.state === 'accepted' ? 'good' : task.state === 'failed' ? 'bad' : 'info',
    body: [
      text(...taskStateWords(record, task)),
      fields({
        Challenge: challengeTitle(record),
        Domain: domainWords(record, task.domain),
        Pays: `${money(record, task.payout)} (${percent(task.weight)})`,
        'Least stake': money(record, task.minStake),
        'Time to work': durationWords(task.workTime),
        Needs: task.dependencies === 0 ? undefined : `task ${needsWords(task)}`,
        Covers: covers.length === 0 ? undefined : covers.join('; '),
      }),
      ...(task.acceptance ? [quote(cut(task.acceptance, 600))] : []),
      ...bidBlocks(record, task),
      ...deliveryBlocks(task),
      ...disputeBlocks(record, task),
    ],
    actions: taskActions({ record, task, number }, now),
  }
}

const bidBlocks = (record: ChallengeRecord, { bids, state }: TaskStory): Block[] =>
  bids.length === 0
    ? []
    : [
        heading(state === 'bidding' ? 'Bids' : 'Next in line'),
        list(
          ...bids.map(({ dao, stake }) => `${cut(daoName(record, dao), 60)}, with a stake of ${money(record, stake)}`),
        ),
      ]

function deliveryBlocks({ delivery }: TaskStory): Block[] {
  if (!delivery) return []
  const { cid, deliverable, contributors } = delivery
  return [
    heading('Delivery'),
    fields({
      Work: workLink(cid),
      Fingerprint: code(deliverable),
      'Done by': contributors.map(({ id, share }) => `Auto ID ${id} (${percent(share)})`).join(', '),
    }),
  ]
}

/** Where the work is: a stranger's link, shown whole so that everyone sees where it leads. */
export function workLink(cid: string): Inline {
  const url = safeUrl(cid)
  return url === undefined ? code(cut(cid, 200) || '–') : link(cut(url, 200), url)
}

function disputeBlocks(record: ChallengeRecord, { objection, ratings, state }: TaskStory): Block[] {
  if (state !== 'rating' && state !== 'revealing') return []
  return [
    heading('Dispute'),
    ...(objection ? [text('Objection by ', address(objection.by), ':'), quote(cut(objection.reason, 400))] : []),
    ratings.length === 0
      ? note('Nobody has rated it yet.')
      : list(
          ...ratings.map(({ reviewer, dao, rating, reason }): Inline[] => [
            ...(dao === 0 ? ['Sponsor ', address(reviewer)] : [cut(daoName(record, dao), 60)]),
            rating === null ? ': sealed' : `: ${rating} of 100${reason ? `, “${cut(reason, 160)}”` : ''}`,
          ]),
        ),
  ]
}

function taskActions({ record, task, number }: Found, now: number): Action[] {
  const ref = taskRef(record, number)
  const isWhole = number === record.story.tasks.length - 1
  const byState: Partial<Record<TaskStory['state'], Action[]>> = {
    bidding: [run('Bid', `bid ${ref}`, 'primary')],
    assigned: [run('Deliver', `deliver ${ref}`, 'primary')],
    committed: [run('Show it now', `deliver ${ref}`)],
    delivered: [
      ...(isWhole ? [run('Accept the whole', `result ${record.ref} accept`, 'primary')] : []),
      run('Object', `review ${ref} object`, 'danger'),
    ],
    rating: [run('Rate it', `review ${ref} rate`, 'primary')],
    revealing: [run('Show my rating', `review ${ref} reveal`, 'primary')],
  }
  const isDue = task.until !== null && now > task.until
  return [
    ...(isDue ? [run('Its time is over: settle it', `review ${ref} settle`, 'primary')] : (byState[task.state] ?? [])),
    run('The challenge', `challenge ${record.ref}`),
  ]
}
