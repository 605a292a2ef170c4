import { showCard } from '../chat/outbox.ts'
import type { Context, Trx } from '../context.ts'
import type { TicketRow } from '../db/tables/identity.ts'
import { privateChannel } from '../platform.ts'
import { linkNoticeView, strangerView } from './views/identity.ts'
import type { Person } from '../command.ts'

/**
 * Tells the person's accounts, in private, that something was linked: a code can be talked out of somebody, and then the
 * accounts that were there before are the ones to notice. `itself` says whether the new account hears of it too.
 */
export async function tellAccounts(
  ctx: Pick<Context, 'queue'>,
  trx: Trx,
  params: { person: Person; ticket: TicketRow & { address: string }; name: string; itself: boolean },
): Promise<void> {
  const { person, ticket, name, itself } = params
  const view = linkNoticeView({ wallet: ticket.address, platform: ticket.platform, name })
  for (const { platform, workspace, user_id } of person.accounts) {
    const isItself = platform === ticket.platform && workspace === ticket.workspace && user_id === ticket.user_id
    if (isItself && !itself) continue
    const key = `linked/${ticket.hash.slice(0, 16)}/${platform}/${workspace}/${user_id}`
    const { id: channel } = privateChannel({ platform, workspace, user: user_id })
    await showCard(trx, ctx.queue, { key, platform, channel, view })
  }
}

/** Tells the owner of a link that somebody else logged in on its page: it was passed on, or taken. */
export async function tellOfStranger(ctx: Pick<Context, 'db' | 'queue'>, ticket: TicketRow): Promise<void> {
  const { platform, workspace, user_id: user } = ticket
  const { id: channel } = privateChannel({ platform, workspace, user })
  const key = `stranger/${ticket.hash.slice(0, 16)}`
  await ctx.db.transaction().execute((trx) => showCard(trx, ctx.queue, { key, platform, channel, view: strangerView }))
}
