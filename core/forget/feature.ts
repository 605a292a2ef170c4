import { erase } from './commands/erase.ts'
import { defineFeature } from '../feature.ts'
import { tidyJob } from './tidy.ts'

export const forgetFeature = defineFeature({
  commands: [erase],
  jobs: [tidyJob],
  ticks: [{ cron: '43 3 * * *', job: tidyJob }],
})
