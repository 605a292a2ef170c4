import { proposals } from './commands/proposals.ts'
import { queue, execute } from './commands/execute.ts'
import { power } from './commands/power.ts'
import { proposalDecision } from './decision.ts'
import { defineFeature } from '../feature.ts'
import { announceJob } from './jobs/announce.ts'
import { summarizeJob } from './jobs/summarize.ts'
import { powerMovedJob } from './jobs/power-moved.ts'

export const governanceFeature = defineFeature({
  commands: [proposals, queue, execute, power],
  jobs: [announceJob, summarizeJob, powerMovedJob],
  decisions: [proposalDecision],
})
