import { createHash, randomBytes } from 'node:crypto'
import type { Context } from '../context.ts'
import { crashpoint } from '../crashpoint.ts'
import type { TicketRow } from '../db/tables/identity.ts'
import { UserError } from '../errors.ts'
import { pageUrl } from '../origin.ts'
import type { Caller, Channel } from '../platform.ts'
import { canLogin } from './login-url.ts'
import { readable, type TicketAccount } from '../account-name.ts'

const ticketMinutes = 10
const ticketsAnHour = 20
const keepMs = 24 * 3_600_000
const hourMs = 3_600_000

/** `connect` a wallet, type the `code` in the chat, `linked`. */
type TicketStep = 'connect' | 'code' | 'linked'
/** How the chat account is proved: by a `login` that is waiting, `proved` already, or by the `code` alone. */
type TicketProof = 'login' | 'proved' | 'code'
export type OpenedTicket = { account: TicketAccount; expiresAt: number; step: TicketStep; proof: TicketProof }
/** What the browser holds: the ticket of its address and the cookie of the one browser that opened it. */
export type TicketHolder = { ticket: string; cookie: string | undefined }

/** Answers `/link`: an address for the eyes of one account. A new one takes the place of the account's older ones. */
export async function openLink(
  ctx: Context,
  { caller, channel }: { caller: Caller; channel: Channel },
): Promise<{ url: string; expiresAt: number }> {
  const ticket = randomBytes(16).toString('base64url')
  const now = ctx.now()
  const expiresAt = now + ticketMinutes * 60_000
  await ctx.db.transaction().execute(async (trx) => {
    await trx
      .deleteFrom('ticket')
      .where('expires_at', '<', new Date(now - keepMs))
      .execute()
    const { count } = await trx
      .selectFrom('ticket')
      .select((eb) => eb.fn.countAll<string>().as('count'))
      .where('platform', '=', caller.platform)
      .where('workspace', '=', caller.workspace)
      .where('user_id', '=', caller.user)
      .where('created_at', '>', new Date(now - hourMs))
      .executeTakeFirstOrThrow()
    if (Number(count) >= ticketsAnHour)
      throw new UserError(`You asked for ${ticketsAnHour} links within an hour.`, {
        hint: 'Use the newest one, or wait a while.',
        code: 'limit',
      })
    await trx
      .updateTable('ticket')
      .set({ expires_at: new Date(now) })
      .where('platform', '=', caller.platform)
      .where('workspace', '=', caller.workspace)
      .where('user_id', '=', caller.user)
      .where('used_at', 'is', null)
      .where('expires_at', '>', new Date(now))
      .execute()
    await trx
      .insertInto('ticket')
      .values({
        hash: secretHash(ticket),
        platform: caller.platform,
        workspace: caller.workspace,
        user_id: caller.user,
        name: readable(caller.name),
        channel: channel.id,
        expires_at: new Date(expiresAt),
        created_at: new Date(now),
      })
      .execute()
  })
  crashpoint(ctx, 'link.open')
  return { url: pageUrl(ctx.config, `/l/${ticket}`), expiresAt: Math.floor(expiresAt / 1_000) }
}

/** The first browser that opens a ticket keeps it; a forwarded one is refused everywhere else. */
export async function openTicket(ctx: Context, holder: TicketHolder & { cookie: string }): Promise<OpenedTicket> {
  const now = new Date(ctx.now())
  await ctx.db
    .updateTable('ticket')
    .set({ cookie_hash: secretHash(holder.cookie), opened_at: now })
    .where('hash', '=', secretHash(holder.ticket))
    .where('cookie_hash', 'is', null)
    .where('expires_at', '>', now)
    .execute()
  crashpoint(ctx, 'link.ticket')
  const row = await heldTicket(ctx, holder, { mayBeUsed: true })
  return {
    account: accountOf(row),
    expiresAt: Math.floor(row.expires_at.getTime() / 1_000),
    step: row.used_at ? 'linked' : row.signed_at ? 'code' : 'connect',
    proof: row.proved_at ? 'proved' : canLogin(ctx, row) ? 'login' : 'code',
  }
}

/** The ticket, if this browser may go on with it; each refusal in its own words. */
export async function heldTicket(
  ctx: Context,
  { ticket, cookie }: TicketHolder,
  { mayBeUsed = false }: { mayBeUsed?: boolean } = {},
): Promise<TicketRow> {
  const row = await ctx.db.selectFrom('ticket').selectAll().where('hash', '=', secretHash(ticket)).executeTakeFirst()
  if (!row) throw new UserError('AutoCo does not know this link.', { hint: newLink, code: 'unknown' })
  const held = cookie !== undefined && row.cookie_hash === secretHash(cookie)
  if (row.used_at && !(held && mayBeUsed))
    throw new UserError('This link was used already; each one works once.', { hint: newLink, code: 'used' })
  if (!row.used_at && row.expires_at.getTime() <= ctx.now())
    throw new UserError(`This link has expired: it works for ${ticketMinutes} minutes, and only the newest one does.`, {
      hint: newLink,
      code: 'expired',
    })
  if (row.cookie_hash === null)
    throw new UserError('This link was not opened yet.', { hint: 'Open its page first.', code: 'cookie' })
  if (!held)
    throw new UserError('This link was opened in another browser, and works only there.', {
      hint: `If that was not you, do not go on. ${newLink}`,
      code: 'foreign',
    })
  return row
}

export const accountOf = (row: TicketRow): TicketAccount => ({
  platform: row.platform,
  workspace: row.workspace,
  user: row.user_id,
  name: row.name,
})

export const secretHash = (secret: string): string => createHash('sha256').update(secret).digest('hex')

const newLink = 'Type /link in your own chat for a new one.'
