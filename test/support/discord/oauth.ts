import { createHash, randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { State } from './state.ts'

type Granted = { user: string; redirectUri: string; challenge: string | undefined; at: number }

const codeMs = 60_000

/** Discord's login: the consent page, codes that work once, tokens that say who somebody is. */
export class OAuth {
  readonly clientSecret = randomBytes(16).toString('hex')
  /** The addresses that stand in the developer portal. */
  redirects: string[] = []
  readonly #state: State
  readonly #violate: (what: string) => void
  readonly #codes = new Map<string, Granted>()
  readonly #tokens = new Map<string, string>()

  constructor(state: State, violate: (what: string) => void) {
    this.#state = state
    this.#violate = violate
  }

  userOf(token: string): string | undefined {
    return this.#tokens.get(token)
  }

  /** Somebody is on the consent page and agrees, or not: the address that the browser is sent to. */
  consent(user: string, authorizeUrl: string, allows = true): string {
    const query = new URL(authorizeUrl).searchParams
    const redirectUri = query.get('redirect_uri') ?? ''
    if (query.get('client_id') !== this.#state.application) throw new Error('Discord shows: Unknown Application')
    if (!this.redirects.includes(redirectUri)) throw new Error('Discord shows: Invalid OAuth2 redirect_uri')
    if (query.get('response_type') !== 'code' || query.get('scope') !== 'identify')
      throw new Error('Discord shows: invalid scope')
    const back = new URL(redirectUri)
    const state = query.get('state')
    if (state !== null) back.searchParams.set('state', state)
    if (!allows) {
      back.searchParams.set('error', 'access_denied')
      return back.href
    }
    const code = randomBytes(15).toString('base64url')
    this.#codes.set(code, { user, redirectUri, challenge: query.get('code_challenge') ?? undefined, at: Date.now() })
    back.searchParams.set('code', code)
    return back.href
  }

  /** True when the request was for the login and is answered. */
  serve(method: string, url: URL, request: IncomingMessage, response: ServerResponse): boolean {
    if (method !== 'POST' || !/^\/api(?:\/v10)?\/oauth2\/token$/.test(url.pathname)) return false
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const form = new URLSearchParams(Buffer.concat(chunks).toString('utf8'))
      const fault = this.#fault(form)
      const say = (status: number, body: object): void =>
        void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
      if (fault !== undefined) {
        this.#violate(`POST /oauth2/token: ${fault}`)
        return say(fault === 'invalid_client' ? 401 : 400, { error: fault })
      }
      const granted = this.#codes.get(form.get('code') ?? '')
      this.#codes.delete(form.get('code') ?? '')
      const token = randomBytes(20).toString('base64url')
      this.#tokens.set(token, granted?.user ?? '')
      say(200, {
        access_token: token,
        token_type: 'Bearer',
        expires_in: 604_800,
        refresh_token: randomBytes(20).toString('base64url'),
        scope: 'identify',
      })
    })
    return true
  }

  #fault(form: URLSearchParams): string | undefined {
    if (form.get('client_id') !== this.#state.application || form.get('client_secret') !== this.clientSecret)
      return 'invalid_client'
    if (form.get('grant_type') !== 'authorization_code') return 'unsupported_grant_type'
    const granted = this.#codes.get(form.get('code') ?? '')
    const isFresh = granted !== undefined && Date.now() - granted.at < codeMs
    if (!isFresh || granted.redirectUri !== form.get('redirect_uri')) return 'invalid_grant'
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url')
    return granted.challenge !== undefined && granted.challenge !== challenge ? 'invalid_grant' : undefined
  }
}
