import { id } from './commands/id.ts'
import { idAgent, idKey, idRotate, idRevoke, idDeactivate } from './commands/id-acts.ts'
import { defineFeature } from '../feature.ts'
import { eraseMandates } from './erase.ts'
import { enrolJob, enrolmentIntents } from './jobs/enrol.ts'
import { registerJob, registrationIntents } from './jobs/register.ts'

export const idsFeature = defineFeature({
  commands: [id, idAgent, idKey, idRotate, idRevoke, idDeactivate],
  erase: [eraseMandates],
  jobs: [registerJob, enrolJob],
  intents: [registrationIntents, enrolmentIntents],
})
