import { reminders } from './commands/reminders.ts'
import { defineFeature } from '../feature.ts'
import { remindJob } from './jobs/remind.ts'
import { eraseReminders } from './erase.ts'

export const remindersFeature = defineFeature({
  commands: [reminders],
  jobs: [remindJob],
  ticks: [{ cron: '*/20 * * * * *', job: remindJob }],
  erase: [eraseReminders],
})
