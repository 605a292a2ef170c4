import { link } from './commands/link.ts'
import { unlink } from './commands/unlink.ts'
import { defineFeature } from '../feature.ts'
import { reverifyJob } from './jobs/reverify.ts'
import { eraseIdentity, tidyTickets } from './erase.ts'

export const identityFeature = defineFeature({
  commands: [link, unlink],
  jobs: [reverifyJob],
  ticks: [{ cron: '17 * * * *', job: reverifyJob }],
  erase: [eraseIdentity],
  tidy: [tidyTickets],
})
