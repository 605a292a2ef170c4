import { role, roles, roleOff } from './commands/roles.ts'
import { defineFeature } from '../feature.ts'
import { rolesJob } from './jobs/roles.ts'
import { eraseRoles } from './erase.ts'

export const rolesFeature = defineFeature({
  commands: [role, roles, roleOff],
  jobs: [rolesJob],
  ticks: [{ cron: '7 * * * *', job: rolesJob }],
  erase: [eraseRoles],
})
