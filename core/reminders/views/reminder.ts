import type { Proposal } from '../../governance/proposal.ts'
import { note, run, text, time, type Inline, type View } from '../../view.ts'
import { titleWords } from '../../governance/views/proposal.ts'

export const reminderKey = (row: { proposal_id: string; person_id: string; mark: number }): string =>
  `reminder/${row.proposal_id}/${row.person_id}/${row.mark}`

type Reminder = {
  proposal: Pick<Proposal, 'ref' | 'title' | 'deadline'> & { dao: Pick<Proposal['dao'], 'name' | 'clock'> }
  ended?: 'voted' | 'over' | 'snoozed'
}

/** The private message to someone who has weight and has not voted; edited when there is nothing to remind of. */
export function reminderView({ proposal, ended }: Reminder): View {
  const { ref, deadline, dao } = proposal
  const title = titleWords(proposal)
  if (ended === 'voted')
    return { title, tone: 'good', body: [text('You voted. Thank you: no more reminders of this one.')] }
  if (ended === 'over')
    return { title, body: [text('This vote is over.')], actions: [run('How it ended', `proposal ${ref}`)] }
  const ends: Inline[] =
    dao.clock === 'timestamp'
      ? [time(Number(deadline)), ' (', time(Number(deadline), 'datetime'), ')']
      : [`at block ${deadline}`]
  if (ended === 'snoozed')
    return {
      title,
      body: [text('Put off: you hear of it once more before it ends, ', ...ends, '.')],
      actions: voteActions(ref),
    }
  return {
    title,
    body: [
      text(`You have weight in this vote of ${dao.name} and have not voted. It ends `, ...ends, '.'),
      note('Only you see this. At most three such messages a week.'),
    ],
    actions: [...voteActions(ref), run('Snooze', `reminders snooze ${ref}`), run('No more reminders', 'reminders off')],
  }
}

// All three look alike: a reminder favours nobody.
const voteActions = (ref: string) => [
  run('For', `vote ${ref} for`),
  run('Against', `vote ${ref} against`),
  run('Abstain', `vote ${ref} abstain`),
]

/** The same of whatever else takes votes by the clock. */
export function decisionReminderView(
  data:
    | { title: string; dao: { name: string }; endsAt: number; vote: string; line: string }
    | { title: string; ended: 'voted' | 'over' },
): View {
  const { title } = data
  if ('ended' in data)
    return data.ended === 'voted'
      ? { title, tone: 'good', body: [text('You voted. Thank you: no more reminders of this one.')] }
      : { title, body: [text('This vote is over.')] }
  const { dao, endsAt, vote, line } = data
  return {
    title,
    body: [
      text(
        `You have weight in this vote of ${dao.name} and have not voted. It ends `,
        time(endsAt),
        ' (',
        time(endsAt, 'datetime'),
        ').',
      ),
      note('Only you see this. At most three such messages a week.'),
    ],
    actions: [run('Vote', vote, 'primary'), run('More', line), run('No more reminders', 'reminders off')],
  }
}
