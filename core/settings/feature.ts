import { settings } from './commands/settings.ts'
import { auditLog } from './commands/audit-log.ts'
import { defineFeature } from '../feature.ts'
import { eraseSettings } from './erase.ts'

export const settingsFeature = defineFeature({
  commands: [settings, auditLog],
  erase: [eraseSettings],
})
