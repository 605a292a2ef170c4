import { plainLine } from '../../markdown.ts'
import type { ProposalStateName } from '../../db/tables/governance.ts'
import { nextStep } from '../execute.ts'
import type { Moment, ProposalRecord } from '../record.ts'
import {
  address,
  divider,
  fields,
  heading,
  note,
  open,
  run,
  strong,
  text,
  time,
  tx,
  type Action,
  type Block,
  type Inline,
  type Text,
  type View,
} from '../../view.ts'
import { callBlocks, worthBlocks } from './proposal-calls.ts'
import { summaryBlocks } from './proposal-summary.ts'
import { tallyBlock } from './proposal-tally.ts'

/** `page` is the address of the proposal's own page, which holds everything. */
export type ProposalViewData = { record: ProposalRecord; page: string }

const fullText = 3_000

/** The one card of a proposal in a channel: every step of its life is an edit of it. */
export function proposalCard(data: ProposalViewData): View {
  const { record, page } = data
  if (record.proposal.orphaned_at) return takenBackView(data)
  return {
    ...head(data),
    talk: true,
    body: [
      ...stateBlocks(record),
      tallyBlock(record),
      ...worthBlocks(record),
      ...summaryBlocks(record, page, { most: 2 }),
      divider,
      note(...finalityWords(record)),
    ],
    actions: [...voteActions(record), run('More', `proposal ${record.proposal.ref}`), open('Full text', page)],
  }
}

/**
 * The answer to `/proposal`: the card, and what was too long for it. `paragraphs` is the text without its markup, `mine`
 * how the reader has voted, in blocks and actions.
 */
export function proposalView(
  data: ProposalViewData & {
    paragraphs: readonly { text: string }[]
    mine?: { blocks: readonly Block[]; actions: readonly Action[] }
  },
): View {
  const { record, page, mine } = data
  return {
    ...head(data),
    body: [
      ...stateBlocks(record),
      ...(mine?.blocks ?? []),
      tallyBlock(record),
      fields({
        ...whenFields(record),
        Proposer: address(record.proposal.proposer),
        'Sent in': tx(record.proposal.tx_hash),
      }),
      heading('What it would do'),
      ...callBlocks(record),
      ...summaryBlocks(record, page, { most: 8 }),
      heading('The text'),
      ...textBlocks(data.paragraphs),
      divider,
      note(...finalityWords(record)),
    ],
    actions: [...voteActions(record), ...(mine?.actions ?? []), open('Full text', page)],
  }
}

/** The same for the page that shows the text itself: everything of the summary, and nothing that needs a chat. */
export function proposalPageView({ record, page }: ProposalViewData): View {
  return {
    tone: tones[record.proposal.state],
    body: [
      ...stateBlocks(record),
      tallyBlock(record),
      fields({
        ...whenFields(record),
        Proposer: address(record.proposal.proposer),
        'Sent in': tx(record.proposal.tx_hash),
      }),
      heading('What it would do'),
      ...callBlocks(record),
      ...summaryBlocks(record, page, { most: 100 }),
      divider,
      note(...finalityWords(record)),
    ],
  }
}

export function titleWords({ ref, title }: { ref: string; title: string }): string {
  const clean = plainLine(title)
  return `${ref}: ${clean || 'a proposal without a title'}`
}

function head({ record, page }: ProposalViewData): Pick<View, 'title' | 'url' | 'tone'> {
  return { title: titleWords(record.proposal), url: page, tone: tones[record.proposal.state] }
}

function takenBackView({ record }: ProposalViewData): View {
  return {
    title: titleWords(record.proposal),
    tone: 'bad',
    body: [
      text(strong('This proposal was taken back by a chain reorganisation.'), ' It does not exist any more.'),
      note('If it is made again, it appears here as before. Votes that were signed for it do not count.'),
    ],
  }
}

const tones: Record<ProposalStateName, NonNullable<View['tone']>> = {
  pending: 'info',
  active: 'info',
  canceled: 'bad',
  defeated: 'bad',
  succeeded: 'good',
  queued: 'good',
  expired: 'bad',
  executed: 'good',
}

function stateBlocks(record: ProposalRecord): Block[] {
  const { state, stage } = record.proposal
  return [
    text(...stateWords(record), ` A proposal to ${plainLine(record.proposal.dao.name).slice(0, 80)}.`),
    ...(state === 'active' && stage === 'ending'
      ? [text(strong('Ending soon.'), ' The vote ends ', ...momentWords(record.ends), '.')]
      : []),
  ]
}

function stateWords(record: ProposalRecord): Inline[] {
  const { opens, ends, eta, proposal } = record
  const table: Record<ProposalStateName, Inline[]> = {
    pending: [strong('Not open yet.'), ' Votes open ', ...momentWords(opens), ' and end ', ...momentWords(ends), '.'],
    active: [strong('Open for votes.'), ' Ends ', ...momentWords(ends), '.'],
    canceled: [strong('Cancelled.'), ' It was taken back and does nothing.'],
    defeated: [strong('Rejected.'), ' The vote ended ', ...momentWords(ends), '.'],
    succeeded: [
      strong('Accepted.'),
      record.proposal.dao.timelock === null
        ? ' Anybody can have it executed now.'
        : ' It goes to the timelock next, then it can be executed.',
    ],
    queued: [
      strong('Accepted and queued.'),
      ...(proposal.stage === 'ready'
        ? [' Anybody can have it executed now.']
        : eta === undefined
          ? [' It waits in the timelock.']
          : [' It can be executed ', ...momentWords({ at: eta }), '.']),
    ],
    expired: [strong('Expired.'), ' It was accepted, but nobody had it executed in time.'],
    executed: [strong('Executed.'), ' It was accepted, and its calls were made.'],
  }
  return table[proposal.state]
}

function whenFields({ opens, ends, eta }: ProposalRecord): Record<string, Text | undefined> {
  return {
    'Weight counts as of': momentWords(opens),
    'Votes end': momentWords(ends),
    'Can be executed': eta === undefined ? undefined : momentWords({ at: eta }),
  }
}

function momentWords({ at, block }: Moment): Inline[] {
  const when: Inline[] = at === undefined ? [] : [time(at), ' (', time(at, 'datetime'), ')']
  if (block === undefined) return when
  return at === undefined ? [`at block ${block}`] : ['at block ', block, ', about ', ...when]
}

function finalityWords({ proposal }: ProposalRecord): Inline[] {
  const at = proposal.tally_block ?? proposal.block_number
  if (proposal.final) return [`Final: read at block ${at}, which can no longer change.`]
  const isOpen = proposal.state === 'pending' || proposal.state === 'active'
  return [
    isOpen
      ? `Seen at block ${at}; final once the vote has ended.`
      : `Seen at block ${at}, not final yet: a reorganisation of the chain may still change it.`,
  ]
}

function voteActions({ proposal }: ProposalRecord): Action[] {
  const { ref, state } = proposal
  const step = nextStep(proposal)
  if (step) return [run(step === 'queue' ? 'Queue it' : 'Execute it', `${step} ${ref}`, 'primary')]
  if (state !== 'active') return state === 'pending' ? [run('My power', `power ${ref}`)] : []
  // All three look alike: a card favours nobody.
  return [
    run('For', `vote ${ref} for`),
    run('Against', `vote ${ref} against`),
    run('Abstain', `vote ${ref} abstain`),
    run('My power', `power ${ref}`),
  ]
}

export function textBlocks(paragraphs: readonly { text: string }[]): Block[] {
  if (paragraphs.length === 0) return [note('It has no text.')]
  const blocks: Block[] = []
  let left = fullText
  for (const { text: words } of paragraphs) {
    if (left <= 0) break
    blocks.push(text(words.length > left ? `${words.slice(0, left).toWellFormed()}…` : words))
    left -= words.length
  }
  const rest = paragraphs.length - blocks.length
  if (rest > 0) blocks.push(note(`${rest} more ${rest === 1 ? 'paragraph' : 'paragraphs'}: see “Full text”.`))
  return blocks
}
