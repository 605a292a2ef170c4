import type { DaoKind } from '../listen/dao-kind.ts'
import { pollsProjection } from '../polls/projection.ts'
import { probeNomic } from './probe.ts'
import { chiefProjection, pauseProjection, spellsProjection } from './projections.ts'
import { wakeChiefs } from './wake.ts'

/** A Nomic DAO: decides by spells in its chief and by polls. */
export const nomicDao: DaoKind = {
  name: 'nomic',
  probe: probeNomic,
  contracts: { chief: chiefProjection, pause: pauseProjection, spells: spellsProjection, polls: pollsProjection },
  wake: wakeChiefs,
}
