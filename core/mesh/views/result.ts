import { daoName, domainWords, taskRef, type ChallengeRecord } from '../record.ts'
import { creditReasons, isOver, owedTo, type CreditReason } from '../story.ts'
import { cut } from '../../plain.ts'
import {
  address,
  code,
  fields,
  heading,
  list,
  note,
  run,
  strong,
  text,
  type Block,
  type Inline,
  type View,
} from '../../view.ts'
import { challengeTitle, money, stateWords } from './challenge.ts'
import { workLink } from './task.ts'

const mostLines = 20

/** What came of a challenge: the manifest with its parts, and where the money went. */
export function resultView(record: ChallengeRecord): View {
  const { story } = record
  const { manifest } = story
  const whole = story.tasks.at(-1)
  const isOpen = whole?.state === 'delivered' && story.state === 'working'
  return {
    title: `Result of ${challengeTitle(record)}`,
    tone: story.state === 'done' ? 'good' : isOver(story) ? 'bad' : 'info',
    body: [
      text('It is ', strong(stateWords[story.state]), '.'),
      ...(manifest
        ? [fields({ Manifest: code(manifest.root), Parts: String(manifest.parts) })]
        : [note('The parts have not been put together.')]),
      ...partBlocks(record),
      ...verdictBlocks(record),
      ...moneyBlocks(record),
    ],
    actions: [
      ...(isOpen
        ? [
            run('Accept the whole', `result ${record.ref} accept`, 'primary'),
            run('Object', `review ${taskRef(record, story.tasks.length - 1)} object`, 'danger'),
          ]
        : []),
      run('The challenge', `challenge ${record.ref}`),
    ],
  }
}

function partBlocks(record: ChallengeRecord): Block[] {
  const parts = record.story.tasks.flatMap((task, number): Inline[][] =>
    task.delivery && task.assignee !== null
      ? [
          [
            `${number + 1}. ${cut(task.title, 80)} (${domainWords(record, task.domain)}), by ${cut(daoName(record, task.assignee), 40)}: `,
            workLink(task.delivery.cid),
            ' ',
            code(task.delivery.deliverable),
          ],
        ]
      : [],
  )
  return parts.length === 0 ? [] : [heading('Parts'), list(...parts)]
}

const verdictBlocks = (record: ChallengeRecord): Block[] =>
  record.story.verdicts.length === 0
    ? []
    : [
        heading('What sponsors say'),
        list(
          ...record.story.verdicts
            .slice(0, mostLines)
            .map(({ sponsor, weight, returned, reason }): Inline[] => [
              address(sponsor),
              ` (${money(record, weight)}): ${returned.length === 0 ? 'accept' : `return ${returned.map((each) => each + 1).join(', ')}`}${reason ? `, “${cut(reason, 160)}”` : ''}`,
            ]),
        ),
      ]

const reasonWords: Record<CreditReason, string> = {
  payout: 'for its work',
  fee: 'as fee',
  stake: 'stake back',
  bond: 'bond',
  slash: 'from lost stakes',
}

function moneyBlocks(record: ChallengeRecord): Block[] {
  const { story } = record
  const accounts = [...new Set(story.credits.map(({ account }) => account))]
  const lines = accounts.map((account): Inline[] => {
    const parts = creditReasons.flatMap((reason) => {
      const sum = story.credits
        .filter((credit) => credit.account === account && credit.reason === reason)
        .reduce((total, { amount }) => total + BigInt(amount), 0n)
      return sum === 0n ? [] : [`${money(record, sum)} ${reasonWords[reason]}`]
    })
    const owed = owedTo(story, account)
    const name = record.daos.find((dao) => dao.account === account)?.name
    return [
      address(account, name && cut(name, 40)),
      `: ${parts.join(', ')}${owed > 0n ? `; ${money(record, owed)} not fetched yet` : ', paid out'}`,
    ]
  })
  const refunds = story.refunded.map(({ account, amount }): Inline[] => [
    'Back to the sponsor ',
    address(account),
    `: ${money(record, amount)}`,
  ])
  const all = [...lines, ...refunds]
  return all.length === 0 ? [] : [heading('Money'), list(...all.slice(0, mostLines))]
}
