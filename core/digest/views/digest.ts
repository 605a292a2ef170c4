import { plainLine } from '../../markdown.ts'
import type { DigestRow } from '../../db/tables/digest.ts'
import { isEmpty, type DigestFacts, type DigestLine } from '../facts.ts'
import { sections } from '../sections.ts'
import { fields, heading, list, note, run, strong, text, time, type Block, type Inline, type View } from '../../view.ts'
import { moveWords } from '../../governance/views/power-moves.ts'

type Shown = { facts: DigestFacts; since: Date; zone: string }

/** What a channel is told at its time: every figure by rows, and of each proposal the first sentence of its summary. */
export function digestView({ facts, since, zone }: Shown): View {
  const { due, decided, tasks, power, more, daos } = facts
  const labels = new Set(due.flatMap(({ label }) => label ?? []))
  const items = (lines: readonly DigestLine[]): Inline[][] =>
    lines.map(({ isNew, words }) => [...(isNew ? [strong('New: ')] : []), ...words])
  return {
    title: `Digest: ${daos.map(({ name }) => plainLine(name).slice(0, 40)).join(', ') || 'no DAO'}`.slice(0, 200),
    zone,
    body: [
      text('Since ', time(seconds(since), 'datetime'), '.'),
      ...section('Votes due', items(due), more.due),
      ...section('Decided', items(decided), more.decided),
      ...section('Open tasks', items(tasks), more.tasks),
      ...power.flatMap(({ dao, moves, ...of }) =>
        section(
          `Power moved in ${plainLine(dao.name).slice(0, 40)}`,
          moves.map((move) => moveWords(move, of)),
          0,
        ),
      ),
      ...(isEmpty(facts) ? [text(strong('Nothing is up.'))] : []),
      ...(labels.size > 0 ? [note('One sentence each of: ', [...labels].join(' '))] : []),
    ],
    actions: [
      ...[...due, ...tasks].slice(0, 3).map(({ ref, line }) => run(ref, line)),
      run('Now', 'digest-now'),
      run('Snooze', 'digest-snooze'),
    ],
  }
}

function section(title: string, items: Inline[][], more: number): Block[] {
  if (items.length === 0) return []
  return [heading(title), list(...items), ...(more > 0 ? [note(`${more} more: /proposals`)] : [])]
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
