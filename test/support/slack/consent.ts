import { createHmac } from 'node:crypto'
import { install } from './installing.ts'
import { Refusal, refuse } from './refusal.ts'
import { personOf, secret, workspaceOf, type Json, type State, type Workspace, word } from './state.ts'

/** An app asks for leave: OAuth v2 to install it, OpenID Connect to know who somebody is. */
export type Asked = {
  kind: 'install' | 'openid'
  scopes: string[]
  redirectUri: string
  state?: string
  nonce?: string
}

type Granted = Asked & { user: string; team: string; at: number; used: boolean }

const codeMs = 10 * 60_000

/** Codes that were given out and tokens of people, with what they allow. */
export class Consents {
  #codes = new Map<string, Granted>()
  #tokens = new Map<string, Granted>()
  #state: State

  constructor(state: State) {
    this.#state = state
  }

  /** Reads the address of the consent page as Slack does before it shows anything. */
  ask(url: URL): Asked {
    const get = (key: string): string => url.searchParams.get(key) ?? ''
    const kind = url.pathname === '/oauth/v2/authorize' ? 'install' : 'openid'
    if (get('client_id') !== this.#state.clientId) refuse('invalid_client_id')
    const scopes = get('scope')
      .split(/[\s,]+/)
      .filter(Boolean)
    if (scopes.length === 0) refuse('invalid_scope_requested')
    const offered = kind === 'install' ? this.#state.manifest.oauth_config.scopes.bot : ['openid', 'profile', 'email']
    const strange = scopes.filter((scope) => !offered.includes(scope))
    if (strange.length > 0) refuse('invalid_scope_requested', strange)
    if (kind === 'openid' && !scopes.includes('openid')) refuse('invalid_scope_requested')
    if (kind === 'openid' && get('response_type') !== 'code') refuse('unsupported_response_type')
    const redirectUri = get('redirect_uri')
    const allowed = this.#state.manifest.oauth_config.redirect_urls ?? []
    if (!allowed.some((each) => redirectUri.startsWith(each))) refuse('bad_redirect_uri')
    const rest = { ...(get('state') ? { state: get('state') } : {}), ...(get('nonce') ? { nonce: get('nonce') } : {}) }
    return { kind, scopes, redirectUri, ...rest }
  }

  /** The person agrees, or not: the address that Slack sends the browser to. */
  decide(asked: Asked, user: string, allows: boolean): string {
    const back = new URL(asked.redirectUri)
    if (asked.state !== undefined) back.searchParams.set('state', asked.state)
    if (!allows) {
      back.searchParams.set('error', 'access_denied')
      return back.href
    }
    const code = `${Date.now()}.${secret(16)}`
    this.#codes.set(code, { ...asked, user, team: personOf(this.#state, user).team, at: Date.now(), used: false })
    back.searchParams.set('code', code)
    return back.href
  }

  /** The code for what it allows, once. */
  redeem(args: Json, kind: Asked['kind']): Granted {
    if (args['client_id'] !== this.#state.clientId) refuse('invalid_client_id')
    if (args['client_secret'] !== this.#state.clientSecret) refuse('bad_client_secret')
    const granted = this.#codes.get(word(args['code']))
    if (!granted || granted.kind !== kind) refuse('invalid_code')
    if (granted.used) refuse('code_already_used')
    if (Date.now() - granted.at > codeMs) refuse('invalid_code')
    if (args['redirect_uri'] !== granted.redirectUri) refuse('bad_redirect_uri')
    granted.used = true
    return granted
  }

  installed(granted: Granted): Workspace {
    const workspace = workspaceOf(this.#state, granted.team)
    install(this.#state, workspace, granted.scopes)
    return workspace
  }

  /** A token of the person, and the signed statement of who it is. */
  identify(granted: Granted): { access_token: string; id_token: string } {
    const token = `xoxp-${secret(16)}`
    this.#tokens.set(token, granted)
    const now = Math.floor(Date.now() / 1000)
    const claims = {
      iss: 'https://slack.com',
      aud: this.#state.clientId,
      exp: now + 300,
      iat: now,
      ...this.claims(granted),
      ...(granted.nonce === undefined ? {} : { nonce: granted.nonce }),
    }
    return { access_token: token, id_token: jwt(claims, this.#state.clientSecret) }
  }

  /** Who the bearer of a person's token is. */
  who(token: string): Granted {
    const granted = this.#tokens.get(token)
    if (!granted) throw new Refusal(token ? 'invalid_auth' : 'not_authed')
    return granted
  }

  claims(granted: Granted): Json {
    const person = personOf(this.#state, granted.user)
    const workspace = workspaceOf(this.#state, granted.team)
    const profile = granted.scopes.includes('profile') ? { name: person.realName, locale: person.locale } : {}
    return {
      sub: person.id,
      'https://slack.com/user_id': person.id,
      'https://slack.com/team_id': workspace.id,
      ...profile,
      ...(granted.scopes.includes('profile')
        ? { 'https://slack.com/team_name': workspace.name, 'https://slack.com/team_domain': workspace.domain }
        : {}),
      ...(granted.scopes.includes('email') ? { email: `${person.name}@example.org`, email_verified: true } : {}),
    }
  }
}

/** Slack signs with RS256 and keys that nobody can fetch here; the app has the token from Slack itself and need not check it. */
function jwt(claims: Json, key: string): string {
  const part = (value: Json): string => Buffer.from(JSON.stringify(value)).toString('base64url')
  const head = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}`
  return `${head}.${createHmac('sha256', key).update(head).digest('base64url')}`
}
