import type { DaoKind } from '../listen/dao-kind.ts'
import { probeNomic } from './probe.ts'
import { wakeChiefs } from './wake.ts'

/** A Nomic DAO: decides by spells in its chief and by polls. */
export const nomicDao: DaoKind = {
  name: 'nomic',
  probe: probeNomic,
  wake: wakeChiefs,
}
