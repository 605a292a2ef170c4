import { daoNew, daoSet, daoDraft, daoCreate } from './commands/dao-new.ts'
import { defineFeature } from '../feature.ts'

export const daoFeature = defineFeature({
  commands: [daoNew, daoSet, daoDraft, daoCreate],
})
