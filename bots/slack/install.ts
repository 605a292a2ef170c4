import { randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { webApi } from '@slack/bolt'
import { keepWorkspace, pageUrl, UserError, type Context, type ProvedAccount } from '../../core/index.ts'
import { scopes } from './scopes.ts'

const stateMs = 10 * 60_000
const cookieName = 'autoco-slack'

export type Client = { id: string; secret: string }

/** Where people allow things: Slack itself, or whatever stands in for it. */
function slackOrigin(apiUrl: string): string {
  const { hostname, origin } = new URL(apiUrl)
  return hostname === 'slack.com' || hostname.endsWith('.slack.com') ? 'https://slack.com' : origin
}

/**
 * `/hooks/slack/install` sends an admin to Slack, `/hooks/slack/oauth` is where Slack sends them back. The state is random,
 * belongs to the cookie of that browser, and works once.
 */
export async function serveInstall(
  ctx: Pick<Context, 'db' | 'kv' | 'config' | 'log'>,
  params: { client: Client; web: webApi.WebClient; apiUrl: string; request: IncomingMessage; response: ServerResponse },
): Promise<void> {
  const { client, web, apiUrl, request, response } = params
  const states = ctx.kv('slack-install')
  const url = new URL(request.url ?? '/', 'http://slack')
  const redirectUri = pageUrl(ctx.config, '/hooks/slack/oauth')
  const isSecure = redirectUri.startsWith('https:')
  if (url.pathname === '/hooks/slack/install') {
    const [state, cookie] = [randomBytes(24).toString('base64url'), randomBytes(16).toString('base64url')]
    await states.set(state, cookie, stateMs)
    const asked = new URL('/oauth/v2/authorize', slackOrigin(apiUrl))
    asked.search = new URLSearchParams({
      client_id: client.id,
      scope: scopes.map(({ scope }) => scope).join(','),
      redirect_uri: redirectUri,
      state,
    }).toString()
    // Lax, because the browser comes back from Slack's own page.
    const flags = `Path=/hooks/slack; HttpOnly; SameSite=Lax; Max-Age=600${isSecure ? '; Secure' : ''}`
    response.writeHead(302, { location: asked.href, 'set-cookie': `${cookieName}=${cookie}; ${flags}` }).end()
    return
  }
  const state = url.searchParams.get('state') ?? ''
  const cookie = new RegExp(`(?:^|; )${cookieName}=([\\w-]+)`).exec(request.headers.cookie ?? '')?.[1]
  const expected = (await states.get(state)) as string | undefined
  const isOurs = expected !== undefined && cookie === expected && (await states.delete(state))
  if (!isOurs) return say(response, 400, 'This installation was not started in this browser. Start again.')
  const code = url.searchParams.get('code')
  if (code === null) return say(response, 200, 'AutoCo was not installed: it was not allowed.')
  const answer = await web.oauth.v2.access({
    client_id: client.id,
    client_secret: client.secret,
    code,
    redirect_uri: redirectUri,
  })
  await keepWorkspace(ctx, {
    platform: 'slack',
    id: answer.team?.id ?? '',
    name: answer.team?.name ?? '',
    bot: answer.bot_user_id ?? '',
    token: answer.access_token ?? '',
    scopes: answer.scope ?? '',
    by: answer.authed_user?.id ?? '',
  })
  ctx.log.info({ workspace: answer.team?.id }, 'installed in a Slack workspace')
  say(response, 200, 'AutoCo is installed. Type /invite @AutoCo in a channel, then /autoco watch and an address.')
}

/** Asks Slack who is at the browser: OpenID Connect. */
export const loginUrlOf = (
  client: Client,
  apiUrl: string,
  params: { state: string; redirectUri: string; workspace: string },
): string => {
  const url = new URL('/openid/connect/authorize', slackOrigin(apiUrl))
  url.search = new URLSearchParams({
    response_type: 'code',
    scope: 'openid profile',
    client_id: client.id,
    state: params.state,
    redirect_uri: params.redirectUri,
    team: params.workspace,
  }).toString()
  return url.href
}

export async function loginBy(
  client: Client,
  {
    web,
    userWeb,
    code,
    redirectUri,
  }: {
    web: webApi.WebClient
    userWeb: (token: string) => webApi.WebClient
    code: string
    redirectUri: string
  },
): Promise<ProvedAccount> {
  try {
    const { access_token: token = '' } = await web.openid.connect.token({
      client_id: client.id,
      client_secret: client.secret,
      code,
      redirect_uri: redirectUri,
    })
    const about = await userWeb(token).openid.connect.userInfo()
    const user = about['https://slack.com/user_id']
    const workspace = about['https://slack.com/team_id']
    if (!user || !workspace) throw new Error('Slack names no account')
    return { user, workspace, name: about.name ?? user }
  } catch (cause) {
    throw new UserError('Slack did not confirm the login.', { hint: 'Log in again.', code: 'foreign', cause })
  }
}

function say(response: ServerResponse, status: number, words: string): void {
  response
    .writeHead(status, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' })
    .end(`${words}\n`)
}
