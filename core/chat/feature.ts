import { defineFeature } from '../feature.ts'
import { deliverJob, redeliverJob } from '../jobs/deliver.ts'

export const chatFeature = defineFeature({
  jobs: [deliverJob, redeliverJob],
  ticks: [{ cron: '*/30 * * * * *', job: redeliverJob }],
})
