import { defineFeature } from '../feature.ts'
import { actionIntents, actionJob } from './jobs/action.ts'
import { eraseActions, tidyActions } from './erase.ts'

export const actionsFeature = defineFeature({
  jobs: [actionJob],
  erase: [eraseActions],
  tidy: [tidyActions],
  intents: [actionIntents],
})
