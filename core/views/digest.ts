import { plainLine } from '../markdown.ts'
import { cut } from '../plain.ts'
import type { DigestRow } from '../db/tables/digest.ts'
import type { DigestFacts } from '../digest/facts.ts'
import { sections } from '../digest/sections.ts'
import { towardsQuorum } from '../governance/quorum.ts'
import type { ProposalRecord } from '../governance/record.ts'
import {
  fields,
  heading,
  link,
  list,
  note,
  run,
  strong,
  text,
  time,
  type Block,
  type Inline,
  type View,
} from '../view.ts'
import { amount } from '../amount.ts'
import { moveWords } from './power-moves.ts'
import { gistWords } from './proposal-summary.ts'
import { titleWords } from './proposal.ts'

type Shown = { facts: DigestFacts; since: Date; zone: string; page: (ref: string) => string }

/** What a channel is told at its time: every figure by rows, and of each vote the first sentence of its summary. */
export function digestView({ facts, since, zone, page }: Shown): View {
  const { due, decided, power, more, daos } = facts
  const labels = new Set(due.flatMap(({ record }) => record.summary?.label ?? []))
  return {
    title: `Digest: ${daos.map(({ name }) => plainLine(name).slice(0, 40)).join(', ') || 'no DAO'}`.slice(0, 200),
    zone,
    body: [
      text('Since ', time(seconds(since), 'datetime'), '.'),
      ...section(
        'Votes due',
        due.map(({ record, isNew }) => dueWords(record, isNew, page)),
        more.due,
      ),
      ...section(
        'Decided',
        decided.map((record) => decidedWords(record, page)),
        more.decided,
      ),
      ...power.flatMap(({ dao, moves, ...of }) =>
        section(
          `Power moved in ${plainLine(dao.name).slice(0, 40)}`,
          moves.map((move) => moveWords(move, of)),
          0,
        ),
      ),
      ...(due.length + decided.length + power.length === 0 ? [text(strong('Nothing is up.'))] : []),
      ...(labels.size > 0 ? [note('One sentence each of: ', [...labels].join(' '))] : []),
    ],
    actions: [
      ...due.slice(0, 3).map(({ record }) => run(record.proposal.ref, `proposal ${record.proposal.ref}`)),
      run('Now', 'digest-now'),
      run('Snooze', 'digest-snooze'),
    ],
  }
}

function section(title: string, items: Inline[][], more: number): Block[] {
  if (items.length === 0) return []
  return [heading(title), list(...items), ...(more > 0 ? [note(`${more} more: /proposals`)] : [])]
}

function dueWords(record: ProposalRecord, isNew: boolean, page: (ref: string) => string): Inline[] {
  const { proposal, ends, opens, token } = record
  const address = page(proposal.ref)
  const isOpen = proposal.state === 'active'
  const when = isOpen ? ends : opens
  const moment: Inline = when.at === undefined ? `at block ${when.block ?? '?'}` : time(when.at)
  const taken = towardsQuorum(proposal)
  const quorum =
    proposal.quorum === null
      ? ''
      : ` Towards the quorum: ${amount(taken, token)} of ${amount(BigInt(proposal.quorum), token)}.`
  const gist = gistWords(record, address)
  return [
    ...(isNew ? [strong('New: ')] : []),
    link(cut(titleWords(proposal), 120), address),
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

function decidedWords({ proposal, token }: ProposalRecord, page: (ref: string) => string): Inline[] {
  const words = (votes: string): string => amount(BigInt(votes), token)
  return [
    link(cut(titleWords(proposal), 120), page(proposal.ref)),
    ': ',
    strong(results[proposal.state] ?? 'accepted'),
    `, ${words(proposal.in_favour)} for, ${words(proposal.against)} against, ${words(proposal.abstain)} abstained.`,
  ]
}

/** How the digest of a channel is set up; the answer to whatever changed it. */
export function digestSetUpView(row: DigestRow, daos: readonly { slug: string }[]): View {
  return {
    title: 'The digest of this channel',
    zone: row.zone,
    body: [
      fields({
        DAOs: row.daos === null ? 'all that this channel watches' : daos.map(({ slug }) => slug).join(', '),
        Sections: row.sections.map((name) => sections[name]).join(', '),
        When: `${row.said} (${row.cron}), ${row.zone}`,
        Next: time(seconds(row.next_at), 'datetime'),
        'Told up to': time(seconds(row.last_at), 'datetime'),
      }),
      ...(row.skip_next ? [text(strong('The next one is left out.'), ' The one after it tells of both times.')] : []),
      note('When there is nothing to say it is silent. To change it type /digest again.'),
    ],
    actions: [
      run('Now', 'digest-now'),
      ...(row.skip_next ? [] : [run('Snooze', 'digest-snooze')]),
      run('End it', 'digest-off'),
    ],
  }
}

export const digestEndedView: View = {
  title: 'No more digests in this channel',
  body: [text('To have one again type /digest.')],
}

const seconds = (date: Date): number => Math.floor(date.getTime() / 1_000)
