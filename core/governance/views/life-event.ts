import { holds } from '../life.ts'
import type { ProposalRecord } from '../record.ts'
import { note, run, text, time, type Inline, type View } from '../../view.ts'
import { titleWords } from './proposal.ts'

export type NotedEvent = keyof typeof holds

/** A short message under a proposal's card, or on its own where there is none. What a reorg took back says so. */
export function lifeEventView(event: NotedEvent, { record, page }: { record: ProposalRecord; page: string }): View {
  const { proposal } = record
  const isTrue = !proposal.orphaned_at && (holds[event](proposal) || isPast(event, proposal.state))
  return {
    title: titleWords(proposal),
    url: page,
    body: isTrue
      ? [text(...words(event, record))]
      : [note('The chain was reorganised: this step was taken back. The card says how it stands now.')],
    actions: isTrue && event === 'ending' && proposal.state === 'active' ? voteActions(proposal.ref) : [],
  }
}

/** A vote that ended soon has ended, and what was queued was executed: said once, it stays true. */
const isPast = (event: NotedEvent, state: ProposalRecord['proposal']['state']): boolean =>
  (event === 'ending' && state !== 'pending') ||
  (event === 'queued' && ['executed', 'expired', 'canceled'].includes(state))

function words(event: NotedEvent, { proposal, ends, eta }: ProposalRecord): Inline[] {
  if (event === 'ending')
    return ends.at === undefined
      ? [`The vote ends at block ${ends.block}.`]
      : ['The vote ends ', time(ends.at, 'datetime'), '.']
  if (event === 'queued')
    return eta === undefined ? ['Queued.'] : ['Queued. It can be executed from ', time(eta, 'datetime'), ' on.']
  if (event === 'executed') return ['Executed: its calls were made.']
  if (proposal.state === 'canceled') return ['Cancelled.']
  return [proposal.state === 'defeated' ? 'Rejected.' : 'Accepted.']
}

const voteActions = (ref: string) => [
  run('For', `vote ${ref} for`),
  run('Against', `vote ${ref} against`),
  run('Abstain', `vote ${ref} abstain`),
]
