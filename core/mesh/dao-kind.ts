import type { DaoKind } from '../listen/dao-kind.ts'
import { probeGlobal } from './probe.ts'
import { challengeProjection } from './project-challenge.ts'
import { globalProjection } from './project-global.ts'

/** A Global DAO: work that DAOs do for one another, in challenges. */
export const globalDao: DaoKind = {
  name: 'global',
  probe: probeGlobal,
  contracts: { global: globalProjection, challenge: challengeProjection },
}
