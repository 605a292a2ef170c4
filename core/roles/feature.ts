import { role, roles, roleOff } from '../commands/roles.ts'
import { defineFeature } from '../feature.ts'
import { rolesJob } from '../jobs/roles.ts'

export const rolesFeature = defineFeature({
  commands: [role, roles, roleOff],
  jobs: [rolesJob],
  ticks: [{ cron: '7 * * * *', job: rolesJob }],
})
