import { defineFeature } from '../feature.ts'
import { actionJob } from '../jobs/action.ts'

export const actionsFeature = defineFeature({
  jobs: [actionJob],
})
