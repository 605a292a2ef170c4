import { ask } from './commands/ask.ts'
import { defineFeature } from '../feature.ts'

export const askFeature = defineFeature({
  commands: [ask],
})
