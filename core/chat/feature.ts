import { defineFeature } from '../feature.ts'
import { summarizeTalkJob } from './jobs/summarize-talk.ts'
import { deliverJob, redeliverJob } from './jobs/deliver.ts'
import { eraseTalk, tidyInbox } from './erase.ts'

export const chatFeature = defineFeature({
  jobs: [summarizeTalkJob, deliverJob, redeliverJob],
  ticks: [{ cron: '*/30 * * * * *', job: redeliverJob }],
  erase: [eraseTalk],
  tidy: [tidyInbox],
})
