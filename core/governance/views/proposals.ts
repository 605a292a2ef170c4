import { plainLine } from '../../markdown.ts'
import type { ProposalStateName } from '../../db/tables/governance.ts'
import { cut } from '../../plain.ts'
import { heading, list, note, run, strong, time, type Block, type Inline, type View } from '../../view.ts'
import { titleWords } from './proposal.ts'

export type ListedProposal = {
  ref: string
  title: string
  state: ProposalStateName
  /** Unix seconds, where the governor counts time; else the block at which the vote ends. */
  ends: { at: number } | { block: string }
}

const words: Record<ProposalStateName, string> = {
  pending: 'not open yet',
  active: 'open',
  canceled: 'cancelled',
  defeated: 'rejected',
  succeeded: 'accepted',
  queued: 'accepted, queued',
  expired: 'expired',
  executed: 'executed',
}

/** What can be voted on now, then what was decided lately. */
export function proposalsView(data: {
  dao: { name: string } | undefined
  open: ListedProposal[]
  recent: ListedProposal[]
}): View {
  const { dao, open, recent } = data
  return {
    title: dao ? `Proposals to ${plainLine(dao.name).slice(0, 80)}` : 'Proposals',
    body: [
      heading('Open'),
      open.length > 0 ? list(...open.map(listLine)) : note('Nothing is open for votes right now.'),
      ...(recent.length > 0 ? [heading('Recent'), list(...recent.map(listLine))] : ([] satisfies Block[])),
    ],
    actions: [...open, ...recent].slice(0, 5).map(({ ref }) => run(ref, `proposal ${ref}`)),
  }
}

/** Nothing to list: says why, and what to do. */
export function noProposalsView(dao: { name: string; slug: string } | undefined): View {
  return {
    title: 'No proposals',
    body: dao
      ? [
          note(
            `${plainLine(dao.name).slice(0, 80)} has no proposals yet. The first one is announced in every channel that watches it.`,
          ),
        ]
      : [note('No DAO is watched yet. Someone who manages this place can add one: /watch <address of its governor>')],
    actions: dao ? [run('All proposals', 'proposals')] : [run('What you can do here', 'help')],
  }
}

/** `ens-42: Fund the audit (open, ends in 2 days)` */
export function listLine(proposal: ListedProposal): Inline[] {
  const isOpen = proposal.state === 'active' || proposal.state === 'pending'
  const when: Inline[] =
    'at' in proposal.ends
      ? [isOpen ? ', ends ' : ', ended ', time(proposal.ends.at)]
      : [`, ${isOpen ? 'ends' : 'ended'} at block ${proposal.ends.block}`]
  return [
    cut(titleWords(proposal), 120),
    ' (',
    strong(words[proposal.state]),
    ...(proposal.state === 'canceled' ? [] : when),
    ')',
  ]
}
