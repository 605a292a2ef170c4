import { OAuth2Scopes, Routes, type APIUser } from 'discord.js'
import { UserError, type ProvedAccount } from '../../core/index.ts'
import { createApi } from './api.ts'

export type Client = { id: string; secret: string; apiUrl: string }

/** Where people log in: Discord itself, or whatever stands in for it. */
const origin = (apiUrl: string): string => {
  const { hostname, origin: own } = new URL(apiUrl)
  return hostname === 'discord.com' ? 'https://discord.com' : own
}

export function loginUrlOf(
  { id, apiUrl }: Pick<Client, 'id' | 'apiUrl'>,
  params: { state: string; redirectUri: string; challenge: string },
): string {
  const url = new URL('/oauth2/authorize', origin(apiUrl))
  url.search = new URLSearchParams({
    response_type: 'code',
    client_id: id,
    scope: OAuth2Scopes.Identify,
    state: params.state,
    redirect_uri: params.redirectUri,
    code_challenge: params.challenge,
    code_challenge_method: 'S256',
    prompt: 'consent',
  }).toString()
  return url.href
}

/** OAuth2 with `identify`: Discord says who is at the browser, and we keep nothing of its tokens. */
export async function loginBy(
  client: Client,
  { code, redirectUri, verifier }: { code: string; redirectUri: string; verifier: string },
): Promise<ProvedAccount> {
  try {
    const response = await fetch(`${client.apiUrl.replace(/\/+$/, '')}/v10${Routes.oauth2TokenExchange()}`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({
        grant_type: 'authorization_code',
        client_id: client.id,
        client_secret: client.secret,
        code,
        redirect_uri: redirectUri,
        code_verifier: verifier,
      }),
      signal: AbortSignal.timeout(10_000),
    })
    const { access_token: token } = (await response.json()) as { access_token?: string }
    if (!response.ok || token === undefined) throw new Error(`Discord answered ${response.status}`)
    const api = createApi({ url: client.apiUrl, perSecond: 50 })
    const user = await api.call<APIUser>('GET', Routes.user(), {
      auth: false,
      headers: { authorization: `Bearer ${token}` },
    })
    return { workspace: '', user: user.id, name: user.global_name ?? user.username }
  } catch (cause) {
    throw new UserError('Discord did not confirm the login.', { hint: 'Log in again.', code: 'foreign', cause })
  }
}
