import { readPassages } from '../../ai/sources.ts'
import type { Draft } from '../draft.ts'
import type { Preview } from '../preview.ts'
import type { Trial } from '../trial.ts'
import { cut } from '../../plain.ts'
import {
  address,
  code,
  divider,
  fields,
  heading,
  list,
  note,
  open,
  run,
  strong,
  text,
  time,
  type Block,
  type Inline,
  type View,
} from '../../view.ts'
import { amount } from '../../amount.ts'
import { callBlocks } from '../../governance/views/proposal-calls.ts'
import { proposalCard, textBlocks } from '../../governance/views/proposal.ts'

/** A draft as its proposal will look, for its author alone, with what speaks for and against opening it. */
export function draftView(preview: Preview): View {
  const { draft, record, proposer, description, ref, trials } = preview
  const { token } = record
  const { body } = proposalCard({ record, page: '' })
  const isLight = proposer.weight < proposer.needed
  const fails = trials.some(({ status }) => status === 'fails')
  return {
    title: `Draft ${draft.id}: ${record.proposal.title}`,
    tone: isLight || fails ? 'bad' : 'info',
    body: [
      ref === undefined
        ? note('A preview that only you see: nothing is on the chain yet. Times are as if you opened it now.')
        : text('It is on the chain as ', strong(ref), '.'),
      // The card without what it says of its block: there is none.
      ...body.slice(0, -2),
      divider,
      fields({
        Proposer: address(proposer.wallet),
        'Its weight': amount(proposer.weight, token),
        'Weight needed': amount(proposer.needed, token),
      }),
      ...(isLight ? [text(...lightWords(preview))] : []),
      heading('What it would do'),
      ...(draft.calls.length === 0
        ? [
            text(
              'Nothing on the chain: it is a statement. A governor wants a call, so it carries an empty one to the treasury.',
            ),
          ]
        : [...callBlocks(record), list(...trials.map((trial, at) => trialWords(trial, at)))]),
      heading('The text'),
      ...textBlocks(readPassages({ title: record.proposal.title, body: description, messages: [] })),
      ...collectedBlocks(draft),
      note(
        'The last line of the text lets nobody but this wallet propose it. Longer than your form allows? Add the rest with ',
        code(`/draft-text ${draft.id}`),
        '.',
      ),
    ],
    actions:
      ref === undefined
        ? draftActions(draft.id, isLight ? draft.dao.slug : undefined)
        : [run('Show it', `proposal ${ref}`)],
  }
}

const draftActions = (id: string, lightIn: string | undefined): NonNullable<View['actions']> => [
  ...(lightIn === undefined ? [run('Open it', `draft-open ${id}`, 'primary')] : [run('My power', `power ${lightIn}`)]),
  run('Pay someone', `draft-pay ${id}`),
  run('Mint tokens', `draft-mint ${id}`),
  run('Change a rule', `draft-set ${id}`),
  run('Any call', `draft-call ${id}`),
  run('Add text', `draft-text ${id}`),
  run('Take away', `draft-cut ${id}`),
]

function lightWords({ draft, proposer, record: { token } }: Preview): Inline[] {
  return [
    strong('Not enough weight to propose.'),
    ` ${amount(proposer.needed - proposer.weight, token)} more are needed, in one wallet. `,
    code(`/delegate ${draft.dao.slug}`),
    ' makes tokens of yours count that do not yet; others can delegate to you.',
  ]
}

function trialWords(trial: Trial, at: number): Inline[] {
  const call = `Call ${at + 1}`
  if (trial.status === 'works') return [`${call}: tried on the chain as it is now, works.`]
  if (trial.status === 'untried') return [`${call}: could not be tried. ${trial.reason}`]
  return [strong(`${call} would fail now.`), ` ${trial.reason}`]
}

function collectedBlocks({ id, channel }: Draft): Block[] {
  if (channel === null) return []
  return [
    note(
      'Whoever writes ',
      code(`draft-${id}`),
      ' in a message where you began it adds that message, with their name. Words and names stay on the chain for ever: ask before you open it.',
    ),
  ]
}

export function draftsView(drafts: readonly { id: string; title: string; dao: string }[]): View {
  if (drafts.length === 0)
    return {
      title: 'Your drafts',
      body: [text('You have none. ', code('/propose'), ' begins one.')],
      actions: [run('Begin one', 'propose', 'primary')],
    }
  return {
    title: 'Your drafts',
    body: [list(...drafts.map(({ id, title, dao }): Inline[] => [`${id}: ${cut(title, 120)} (${cut(dao, 80)})`]))],
    actions: drafts.slice(0, 5).map(({ id }) => run(`Draft ${id}`, `draft ${id}`)),
  }
}

export function draftOpenView(data: { title: string; wallet: string; url: string; expiresAt: number }): View {
  return {
    title: 'Open the proposal',
    body: [
      text(
        strong(data.title),
        ' goes on the chain by a transaction of ',
        address(data.wallet),
        ', which pays its gas.',
      ),
      text(
        'Once it is there nobody can change it, and AutoCo announces it. The page expires ',
        time(data.expiresAt),
        '.',
      ),
    ],
    actions: [open('Open it with your wallet', data.url, 'primary')],
  }
}
