import type { DaoKind } from '../listen/dao-kind.ts'
import { probeGlobal } from './probe.ts'

/** A Global DAO: work that DAOs do for one another, in challenges. */
export const globalDao: DaoKind = {
  name: 'global',
  probe: probeGlobal,
}
