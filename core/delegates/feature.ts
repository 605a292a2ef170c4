import { delegate } from './commands/delegate.ts'
import { undelegate } from './commands/undelegate.ts'
import { delegates, delegateCard, delegateStatement } from './commands/delegates.ts'
import { defineFeature } from '../feature.ts'
import { delegationIntents, delegateJob } from './jobs/delegate.ts'
import { eraseStatements } from './erase.ts'

export const delegatesFeature = defineFeature({
  commands: [delegate, undelegate, delegates, delegateCard, delegateStatement],
  jobs: [delegateJob],
  erase: [eraseStatements],
  intents: [delegationIntents],
})
