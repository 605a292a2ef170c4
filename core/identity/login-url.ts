import type { Context } from '../context.ts'
import type { TicketRow } from '../db/tables/identity.ts'
import { pageUrl } from '../origin.ts'
import { has, type ProvesAccounts } from '../platform.ts'

type Asked = Pick<TicketRow, 'platform' | 'workspace'>

/** Where the browser logs in with the platform of a ticket; undefined where that is not set up. */
export function loginUrl(
  ctx: Context,
  { platform: name, workspace }: Asked,
  params: { state: string; challenge: string },
): string | undefined {
  const platform = ctx.platform?.(name)
  if (!has<ProvesAccounts>(platform, 'login')) return undefined
  return platform.loginUrl({ ...params, redirectUri: redirectUri(ctx, name), workspace })
}

export const canLogin = (ctx: Context, ticket: Asked): boolean =>
  loginUrl(ctx, ticket, { state: '', challenge: '' }) !== undefined

/** The one address that the platform may send the browser back to; it stands in the platform's own settings too. */
export const redirectUri = (ctx: Context, platform: string): string => pageUrl(ctx.config, `/login/${platform}`)
