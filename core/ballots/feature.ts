import { vote } from '../commands/vote.ts'
import { receipt } from '../commands/receipt.ts'
import { defineFeature } from '../feature.ts'
import { relayJob } from '../jobs/relay.ts'

export const ballotsFeature = defineFeature({
  commands: [vote, receipt],
  jobs: [relayJob],
})
