import { showCard } from '../chat/outbox.ts'
import type { Context, Trx } from '../context.ts'
import { privateChannel } from '../platform.ts'
import { linkNoticeView } from '../views/identity.ts'
import type { Person } from './person.ts'
import type { TicketRow } from '../db/tables/identity.ts'

/**
 * Tells the person's other accounts, in private, that something was linked: a code can be talked out of somebody, and
 * then the accounts that were there before are the ones to notice.
 */
export async function tellOtherAccounts(
  ctx: Pick<Context, 'queue'>,
  trx: Trx,
  { person, ticket, name }: { person: Person; ticket: TicketRow & { address: string }; name: string },
): Promise<void> {
  const view = linkNoticeView({ wallet: ticket.address, platform: ticket.platform, name })
  for (const { platform, workspace, user_id } of person.accounts) {
    if (platform === ticket.platform && workspace === ticket.workspace && user_id === ticket.user_id) continue
    const key = `linked/${ticket.hash.slice(0, 16)}/${platform}/${workspace}/${user_id}`
    const { id: channel } = privateChannel({ platform, workspace, user: user_id })
    await showCard(trx, ctx.queue, { key, platform, channel, view })
  }
}
