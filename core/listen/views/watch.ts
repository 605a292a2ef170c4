import type { DaoRow } from '../../db/tables/governance.ts'
import type { Probe } from '../../governance/probe.ts'
import { address, code, fields, heading, list, note, run, text, type View } from '../../view.ts'

type Shown = Pick<DaoRow, 'slug' | 'name' | 'address' | 'token' | 'clock'>

const kinds: Record<Probe['kind'], string> = {
  autodao: 'Auto DAO',
  oz5: 'OpenZeppelin Governor 5',
  nomic: 'Nomic DAO',
  global: 'Global DAO',
  oz4: 'OpenZeppelin Governor 4',
  bravo: 'Compound Governor Bravo',
}

/** How a DAO speaks of its contract, and of what it decides about. */
type Layer = { heart: string; things: string; mark: string; more: { label: string; line: (slug: string) => string } }

const governed: Layer = {
  heart: 'Governor',
  things: 'Proposals',
  mark: '',
  more: { label: 'Proposals', line: (slug) => `proposals ${slug}` },
}
const layers: Partial<Record<Probe['kind'], Layer>> = {
  nomic: {
    heart: 'Chief',
    things: 'Spells',
    mark: 's',
    more: { label: 'How it stands', line: (slug) => `nomic ${slug}` },
  },
  global: { heart: 'Contract', things: 'Challenges', mark: '', more: { label: 'Challenges', line: () => 'challenge' } },
}

/** The answer to `/watch`: what the contract is, what will work with it and what will not. */
export function watchView(data: { dao: Shown; probe: Probe; isNew: boolean; isSubscribed: boolean }): View {
  const { dao, probe } = data
  const { heart, things, mark, more } = layers[probe.kind] ?? governed
  return {
    title: data.isSubscribed ? `Watching ${dao.name}` : `${dao.name} is watched here already`,
    tone: 'good',
    body: [
      fields({
        [heart]: address(dao.address),
        Kind: kinds[probe.kind],
        ...(dao.token ? { Token: address(dao.token) } : {}),
        'Counts time in': dao.clock === 'timestamp' ? 'seconds' : 'blocks',
        'Short name': code(dao.slug),
      }),
      heading('What works'),
      list(...probe.works),
      ...(probe.limits.length > 0 ? [heading('What does not'), list(...probe.limits)] : []),
      ...(data.isSubscribed
        ? [
            text(
              `${things} will be shown in this channel as they are made, each as `,
              code(`${dao.slug}-${mark}1`),
              ' and so on.',
            ),
            note(
              `Older ${things.toLowerCase()} are listed, not posted. To end it here: `,
              code(`/unwatch ${dao.slug}`),
            ),
          ]
        : []),
    ],
    actions: [run(more.label, more.line(dao.slug), 'primary')],
  }
}

export function unwatchView({ dao, wasWatched }: { dao: Pick<DaoRow, 'slug' | 'name'>; wasWatched: boolean }): View {
  return {
    title: wasWatched ? `No longer watching ${dao.name} here` : `${dao.name} is not watched here`,
    body: [
      text(
        'Its proposals stay known: ',
        code(`/proposals ${dao.slug}`),
        '. Messages that were posted are no longer kept up to date.',
      ),
    ],
  }
}
