import { amount } from '../../amount.ts'
import { towardsQuorum } from '../quorum.ts'
import type { ProposalRecord } from '../record.ts'
import { cut } from '../../plain.ts'
import { link, strong, time, type Inline } from '../../view.ts'
import { gistWords } from './proposal-summary.ts'
import { titleWords } from './proposal.ts'

/** What a digest says of an open proposal: when it ends, how far the quorum is, and the first sentence of its summary. */
export function dueWords(record: ProposalRecord, page: string): Inline[] {
  const { proposal, ends, opens, token } = record
  const isOpen = proposal.state === 'active'
  const when = isOpen ? ends : opens
  const moment: Inline = when.at === undefined ? `at block ${when.block ?? '?'}` : time(when.at)
  const taken = towardsQuorum(proposal)
  const quorum =
    proposal.quorum === null
      ? ''
      : ` Towards the quorum: ${amount(taken, token)} of ${amount(BigInt(proposal.quorum), token)}.`
  const gist = gistWords(record, page)
  return [
    link(cut(titleWords(proposal), 120), page),
    isOpen ? ' ends ' : ' opens ',
    moment,
    `.${isOpen ? quorum : ''}`,
    ...(gist ? [' ', ...gist] : []),
  ]
}

const results: Partial<Record<ProposalRecord['proposal']['state'], string>> = {
  canceled: 'cancelled',
  defeated: 'rejected',
  expired: 'accepted, but expired',
  executed: 'accepted and executed',
  queued: 'accepted and queued',
}

/** What came of it, with the votes. */
export function decidedWords({ proposal, token }: ProposalRecord, page: string): Inline[] {
  const words = (votes: string): string => amount(BigInt(votes), token)
  return [
    link(cut(titleWords(proposal), 120), page),
    ': ',
    strong(results[proposal.state] ?? 'accepted'),
    `, ${words(proposal.in_favour)} for, ${words(proposal.against)} against, ${words(proposal.abstain)} abstained.`,
  ]
}
