import { planExample, type ReadPlan } from '../plan-text.ts'
import { domainWords, type ChallengeRecord } from '../record.ts'
import { bitsOf, type PlanStory, type TaskSpec } from '../story.ts'
import { durationWords } from '../../duration.ts'
import { cut } from '../../plain.ts'
import { code, heading, list, note, quote, run, text, type Block, type Inline, type View } from '../../view.ts'
import { challengeTitle, money, needsWords, percent, planLine } from './challenge.ts'

const mostFaults = 20

/** What is wrong with a plan, each fault on its own, and how one is written. */
export function planFaultsView(record: ChallengeRecord, { faults }: ReadPlan): View {
  const rest = faults.length - mostFaults
  return {
    title: `This plan for ${record.ref} cannot be proposed yet`,
    tone: 'bad',
    body: [
      list(...faults.slice(0, mostFaults).map((fault) => cut(fault, 300))),
      ...(rest > 0 ? [note(`${rest} more.`)] : []),
      heading('What a solution has to do'),
      list(...record.requirements.map((each, at) => `${at + 1}. ${cut(each, 160)}`)),
      text('A line a task, its parts between bars, such as:'),
      text(code(planExample)),
      note('The last line puts the others together. Write the plan again with these faults mended.'),
    ],
    actions: [run('Write it again', `plan ${record.ref}`, 'primary')],
  }
}

/** A plan as it was proposed. */
export function planView(record: ChallengeRecord, plan: PlanStory): View {
  const isOpen = record.story.state === 'planning' && plan.state === 'open'
  return {
    title: `Plan ${plan.number} for ${challengeTitle(record)}`,
    body: [text(...planLine(record, plan)), ...planBlocks(record, plan)],
    actions: [
      ...(isOpen
        ? [
            run('Approve', `plan-judge ${record.ref} ${plan.number} approve`, 'primary'),
            run('Spam', `plan-judge ${record.ref} ${plan.number} spam`, 'danger'),
          ]
        : []),
      run('The challenge', `challenge ${record.ref}`),
    ],
  }
}

/** Its summary and its tasks. */
export const planBlocks = (record: ChallengeRecord, plan: { summary: string; tasks: readonly TaskSpec[] }): Block[] => [
  ...(plan.summary ? [quote(cut(plan.summary, 600))] : []),
  heading('Tasks'),
  list(...plan.tasks.map((task, number) => taskLine(record, task, number))),
]

function taskLine(record: ChallengeRecord, task: TaskSpec, number: number): Inline[] {
  const covers = bitsOf(task.covers).map((each) => each + 1)
  return [
    `${number + 1}. ${cut(task.title, 80)}: `,
    [
      domainWords(record, task.domain),
      percent(task.weight),
      ...(task.dependencies === 0 ? [] : [`needs ${needsWords(task)}`]),
      ...(covers.length > 0 ? [`covers ${covers.join(', ')}`] : []),
      durationWords(task.workTime),
      ...(BigInt(task.minStake) > 0n ? [`stake ${money(record, task.minStake)}`] : []),
    ].join(', '),
    `. Done when: ${cut(task.acceptance, 120)}`,
  ]
}
