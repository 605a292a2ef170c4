import { polls, poll, answer } from './commands/polls.ts'
import { pollDecision } from './decision.ts'
import { defineFeature } from '../feature.ts'
import { pollsJob } from './jobs/polls.ts'
import { announcePollJob } from './jobs/announce-poll.ts'
import { papersJob } from './jobs/papers.ts'
import { acceptPaper } from './accept.ts'
import { paperKind } from './paper-kind.ts'
import { erasePages, tidyPages } from './erase.ts'
import { pollsProjection } from './projection.ts'

export const pollsFeature = defineFeature({
  commands: [polls, poll, answer],
  jobs: [pollsJob, announcePollJob, papersJob],
  signed: [paperKind],
  batchedSteps: [{ batch: 'papers', accept: acceptPaper }],
  erase: [erasePages],
  tidy: [tidyPages],
  contracts: [pollsProjection],
  decisions: [pollDecision],
})
