import { id } from '../commands/id.ts'
import { idAgent, idKey, idRotate, idRevoke, idDeactivate } from '../commands/id-acts.ts'
import { defineFeature } from '../feature.ts'
import { eraseMandates } from './erase.ts'

export const idsFeature = defineFeature({
  commands: [id, idAgent, idKey, idRotate, idRevoke, idDeactivate],
  erase: [eraseMandates],
})
