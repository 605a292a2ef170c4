import { defineFeature } from '../feature.ts'
import { deliverJob, redeliverJob } from '../jobs/deliver.ts'
import { eraseTalk, tidyInbox } from './erase.ts'

export const chatFeature = defineFeature({
  jobs: [deliverJob, redeliverJob],
  ticks: [{ cron: '*/30 * * * * *', job: redeliverJob }],
  erase: [eraseTalk],
  tidy: [tidyInbox],
})
