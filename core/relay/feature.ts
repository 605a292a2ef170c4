import { defineFeature } from '../feature.ts'
import { settleJob } from './jobs/settle.ts'
import { healJob } from './jobs/heal.ts'

export const relayFeature = defineFeature({
  jobs: [settleJob, healJob],
  ticks: [{ cron: '*/15 * * * * *', job: healJob }],
})
