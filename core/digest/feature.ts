import { digest, digestNow, digestSnooze, digestShow, digestOff } from './commands/digest.ts'
import { defineFeature } from '../feature.ts'
import { digestsJob } from './jobs/digests.ts'
import { eraseDigests } from './erase.ts'

export const digestFeature = defineFeature({
  commands: [digest, digestNow, digestSnooze, digestShow, digestOff],
  jobs: [digestsJob],
  ticks: [{ cron: '0 * * * * *', job: digestsJob }],
  erase: [eraseDigests],
})
