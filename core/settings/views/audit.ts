import type { ChannelAuditRow } from '../../db/tables/settings.ts'
import { readable } from '../../account-name.ts'
import type { Channel } from '../../platform.ts'
import { code, list, note, run, time, type Inline, type View } from '../../view.ts'

/** The answer to `/audit-log`, the newest first. */
export function auditView({ rows, channel }: { rows: readonly ChannelAuditRow[]; channel: Channel }): View {
  return {
    title: channel.server === undefined ? 'Changes in this channel' : 'Changes in this server',
    body: [
      rows.length > 0
        ? list(...rows.map((row) => line(row, channel)))
        : note('Nothing was changed yet. Settings, watched DAOs, digests and roles are written down here.'),
    ],
    actions: [run('Settings', 'settings')],
  }
}

function line(row: ChannelAuditRow, channel: Channel): Inline[] {
  const where: Inline[] = row.channel === channel.id ? [] : [' in ', code(row.channel)]
  return [
    time(Math.floor(row.at.getTime() / 1_000), 'datetime'),
    ` ${who(row)}, ${row.event}`,
    ...where,
    `: ${row.detail}`,
  ]
}

/** The id is what counts: a name may be anyone's. */
function who({ name, user_id }: ChannelAuditRow): string {
  if (user_id === null) return name ?? 'AutoCo'
  return `${readable(name ?? '')} (${user_id})`.trim()
}
