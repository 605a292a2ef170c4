import { nomic } from './commands/nomic.ts'
import { lock, free } from './commands/lock.ts'
import { spell, spellShow } from './commands/spell.ts'
import { spellNew } from './commands/spell-new.ts'
import { approve } from './commands/approve.ts'
import { lift, spellSchedule, spellCast } from './commands/spell-steps.ts'
import { spellDecision } from './decision.ts'
import { defineFeature } from '../feature.ts'
import { chiefJob } from './jobs/chief.ts'
import { announceSpellJob } from './jobs/announce-spell.ts'
import { approvalsJob } from './jobs/approvals.ts'
import { acceptApproval } from './accept.ts'
import { approvalKind } from './approval-kind.ts'
import { nomicDao } from './dao-kind.ts'
import { chiefProjection, pauseProjection, spellsProjection } from './projections.ts'

export const nomicFeature = defineFeature({
  commands: [nomic, lock, free, spell, spellShow, spellNew, approve, lift, spellSchedule, spellCast],
  jobs: [chiefJob, announceSpellJob, approvalsJob],
  daos: [nomicDao],
  signed: [approvalKind],
  batchedSteps: [{ batch: 'approvals', accept: acceptApproval }],
  contracts: [chiefProjection, pauseProjection, spellsProjection],
  decisions: [spellDecision],
})
