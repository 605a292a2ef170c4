import type { MeshDaoRow, MeshDomainRow } from '../../db/tables/mesh.ts'
import { cut } from '../../plain.ts'
import { address, code, heading, list, note, run, strong, type Inline, type View } from '../../view.ts'

const most = 25

/** Which DAOs take part, and in what they are at home. */
export function meshView(data: {
  global: { name: string }
  daos: readonly MeshDaoRow[]
  domains: readonly MeshDomainRow[]
}): View {
  const { global, daos, domains } = data
  const name = (id: string): string => domains.find((domain) => domain.id === id)?.name ?? id.slice(0, 10)
  return {
    title: `DAOs of ${cut(global.name, 80)}`,
    body: [
      daos.length === 0
        ? note('No DAO takes part yet. A DAO joins by its own decision: ', code('/mesh-join'))
        : list(
            ...daos
              .slice(0, most)
              .map((dao): Inline[] => [
                `${dao.number}. `,
                strong(cut(dao.name, 60)),
                `: ${(dao.domains as { id: string; points: number }[]).map(({ id, points }) => `${name(id)} ${points}`).join(', ')}`,
                ...(dao.executive ? [', acted for by ', address(dao.executive)] : []),
              ]),
          ),
      ...(daos.length > most ? [note(`${daos.length - most} more.`)] : []),
      heading('Domains'),
      domains.length === 0
        ? note('None yet; the curator of the Global DAO adds them.')
        : list(
            ...domains
              .slice(0, most)
              .map((domain) => (domain.parent ? `${domain.name} (part of ${name(domain.parent)})` : domain.name)),
          ),
    ],
    actions: [run('Challenges', 'challenge', 'primary')],
  }
}
