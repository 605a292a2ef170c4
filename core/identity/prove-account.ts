import { createHash, randomBytes } from 'node:crypto'
import type { Context } from '../context.ts'
import { crashpoint } from '../crashpoint.ts'
import type { TicketRow } from '../db/tables/identity.ts'
import { UserError } from '../errors.ts'
import { has, type ProvedAccount, type ProvesAccounts, type ProvesLaunches } from '../platform.ts'
import { loginUrl, redirectUri } from './login-url.ts'
import { tellOfStranger } from './notice.ts'
import { heldTicket, secretHash, type TicketHolder } from './ticket.ts'

/**
 * The proof that no forwarded link survives: the platform itself says whose account is at this browser, and it must be the
 * one that asked for the link. Then no code has to be typed back.
 */
export async function beginLogin(ctx: Context, holder: TicketHolder): Promise<{ url: string }> {
  const row = await heldTicket(ctx, holder)
  const state = randomBytes(24).toString('base64url')
  const verifier = randomBytes(32).toString('base64url')
  const url = loginUrl(ctx, row, { state, challenge: createHash('sha256').update(verifier).digest('base64url') })
  if (url === undefined)
    throw new UserError(`Logging in with ${row.platform} is not set up here.`, {
      hint: 'Sign with your wallet, then type the code of the page in your chat.',
      code: 'step',
    })
  await ctx.db
    .updateTable('ticket')
    .set({ login_state: secretHash(state), login_verifier: verifier })
    .where('hash', '=', row.hash)
    .execute()
  return { url }
}

/** The browser is back from the platform. The state belongs to one ticket and the cookie of its browser, and works once. */
export async function finishLogin(
  ctx: Context,
  params: { platform: string; code: string; state: string; cookie: string | undefined },
): Promise<void> {
  const { platform: name, code, state, cookie } = params
  const row = await ctx.db
    .selectFrom('ticket')
    .selectAll()
    .where('login_state', '=', secretHash(state))
    .where('platform', '=', name)
    .executeTakeFirst()
  if (!row || cookie === undefined || row.cookie_hash !== secretHash(cookie))
    throw new UserError('This login was not started in this browser, or was finished already.', {
      hint: 'Open the page of your link again and log in from there.',
      code: 'foreign',
    })
  if (row.used_at || row.expires_at.getTime() <= ctx.now())
    throw new UserError('The link of this login has expired.', { hint: '/link', code: 'expired' })
  await ctx.db
    .updateTable('ticket')
    .set({ login_state: null, login_verifier: null })
    .where('hash', '=', row.hash)
    .where('login_state', '=', secretHash(state))
    .returning('hash')
    .executeTakeFirstOrThrow()
  const platform = ctx.platform?.(name)
  if (!has<ProvesAccounts>(platform, 'login')) throw new UserError(`${name} does not run here.`, { code: 'step' })
  const verifier = row.login_verifier ?? ''
  await holdAgainst(ctx, row, await platform.login({ code, redirectUri: redirectUri(ctx, name), verifier, state }))
}

/** A page that the platform opened itself carries its signed word for who opened it. It is taken once. */
export async function acceptLaunch(ctx: Context, params: TicketHolder & { data: string }): Promise<void> {
  const row = await heldTicket(ctx, params)
  const platform = ctx.platform?.(row.platform)
  if (!has<ProvesLaunches>(platform, 'launch'))
    throw new UserError(`${row.platform} does not run here.`, { code: 'step' })
  const { account, hash } = platform.launch(params.data)
  if (row.proved_at) return
  const first = await ctx.db
    .insertInto('inbox')
    .values({
      key: `launch/${row.platform}/${hash}`,
      platform: row.platform,
      event: '{}',
      done_at: new Date(ctx.now()),
    })
    .onConflict((conflict) => conflict.column('key').doNothing())
    .returning('key')
    .executeTakeFirst()
  if (!first)
    throw new UserError('This page was opened before.', { hint: 'Open it from your chat again.', code: 'used' })
  await holdAgainst(ctx, row, account)
}

async function holdAgainst(ctx: Context, row: TicketRow, proved: ProvedAccount): Promise<void> {
  if (proved.user === row.user_id && proved.workspace === row.workspace) {
    crashpoint(ctx, 'link.login')
    await ctx.db
      .updateTable('ticket')
      .set({ proved_at: new Date(ctx.now()) })
      .where('hash', '=', row.hash)
      .where('used_at', 'is', null)
      .execute()
    return
  }
  // Passed on or taken: either way this ticket is worth nothing any more, and its owner hears why.
  await ctx.db
    .updateTable('ticket')
    .set({ expires_at: new Date(ctx.now()) })
    .where('hash', '=', row.hash)
    .where('used_at', 'is', null)
    .execute()
  await tellOfStranger(ctx, row)
  throw new UserError('This link belongs to another account than the one you are logged in with.', {
    hint: 'Somebody passed you their link: signing would have put your wallet on their account. Type /link in your own chat.',
    code: 'foreign',
  })
}
