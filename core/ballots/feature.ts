import { vote } from './commands/vote.ts'
import { receipt } from './commands/receipt.ts'
import { defineFeature } from '../feature.ts'
import { relayJob } from './jobs/relay.ts'
import { ballotKind } from './ballot-kind.ts'
import { eraseBallots, tidyPages } from './erase.ts'
import { proposal } from './commands/proposal.ts'

export const ballotsFeature = defineFeature({
  commands: [proposal, vote, receipt],
  jobs: [relayJob],
  signed: [ballotKind],
  erase: [eraseBallots],
  tidy: [tidyPages],
})
