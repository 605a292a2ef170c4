import type { ChallengeRow, MeshDaoRow, MeshDomainRow } from '../db/tables/mesh.ts'
import type { Token } from '../chain/token.ts'
import type { ChallengeStory, Terms } from './story.ts'

/** All that a card says of a challenge, as the rows had it at one moment. */
export type ChallengeRecord = Omit<ChallengeRow, 'story' | 'terms' | 'requirements'> & {
  story: ChallengeStory
  terms: Terms
  requirements: string[]
  unit: Token
  global: { id: string; slug: string; name: string; address: string; chain_id: number }
  /** Who takes part in the Global DAO. */
  daos: MeshDaoRow[]
  domains: MeshDomainRow[]
}

/** `global-3.2` is the second task; `number` counts from 0, as the contract does. */
export const taskRef = ({ ref }: Pick<ChallengeRecord, 'ref'>, number: number): string => `${ref}.${number + 1}`

export const daoName = ({ daos }: Pick<ChallengeRecord, 'daos'>, number: number): string =>
  daos.find((dao) => dao.number === number)?.name ?? `DAO ${number}`

export const domainWords = ({ domains }: Pick<ChallengeRecord, 'domains'>, id: string): string =>
  domains.find((domain) => domain.id === id)?.name ?? id.slice(0, 10)
