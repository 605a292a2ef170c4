import { home } from './commands/home.ts'
import { whoami } from './commands/whoami.ts'
import { defineFeature } from '../feature.ts'

export const homeFeature = defineFeature({
  commands: [home, whoami],
})
