import { watch } from './commands/watch.ts'
import { unwatch } from './commands/unwatch.ts'
import { defineFeature } from '../feature.ts'
import { eraseWatching } from './erase.ts'

export const listenFeature = defineFeature({
  commands: [watch, unwatch],
  erase: [eraseWatching],
})
