import { defineCommand } from '../../command.ts'
import { readChannelAudit } from '../audit.ts'
import { auditView } from '../views/audit.ts'

const most = 20

/** `/audit-log`: who changed what in this channel, or anywhere in its server. */
export const auditLog = defineCommand({
  name: 'audit-log',
  description: 'Who changed what here, and when',
  args: {},
  audience: 'caller',
  access: 'manager',
  byLink: () => true,
  run: async (ctx, { channel }) => auditView({ rows: await readChannelAudit(ctx, { channel, most }), channel }),
})
