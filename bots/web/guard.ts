import { isIP } from 'node:net'
import { getConnInfo } from '@hono/node-server/conninfo'
import type { Context, MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { type Config, UserError } from '../../core/index.ts'

const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join('; ')

/** Chat clients on the web show a Mini App in a frame of theirs; it shows cards and signs nothing. */
const framedPolicy = policy.replace("frame-ancestors 'none'", 'frame-ancestors https://web.telegram.org')

/** Headers that every answer carries. */
export function headers(): MiddlewareHandler {
  return async (c, next) => {
    await next()
    c.header('content-security-policy', c.req.path.startsWith('/app/') ? framedPolicy : policy)
    c.header('referrer-policy', 'no-referrer')
    c.header('x-content-type-options', 'nosniff')
    c.header('cross-origin-opener-policy', 'same-origin')
    c.header('cross-origin-resource-policy', 'same-origin')
    c.header('permissions-policy', 'camera=(), microphone=(), geolocation=()')
    if (!c.res.headers.has('cache-control')) c.header('cache-control', 'no-store')
  }
}

/**
 * A page of another site must not talk to us: not by a name that it points at this machine (DNS rebinding, so the Host
 * is checked), and not by a form or a fetch (so the Origin of whatever changes something is checked).
 */
export function sameSite(config: Pick<Config, 'HOST' | 'PUBLIC_URL'>, port: () => number): MiddlewareHandler {
  return async (c, next) => {
    // Probes come by address, and these two say nothing that is not meant for everyone.
    if (c.req.path === '/healthz' || c.req.path === '/readyz') return next()
    const hosts = allowedHosts(config, port())
    const host = c.req.header('host')?.toLowerCase() ?? ''
    if (!hosts.has(host)) {
      throw new UserError('This server does not answer to that name.', {
        hint: 'Use the address that AutoCo printed, or set PUBLIC_URL.',
        code: 'host',
      })
    }
    // No address of ours holds a null character, and no text of the database can.
    if (/%00/.test(c.req.url)) throw new UserError('There is nothing at this address.', { code: 'not-found' })
    if (c.req.method !== 'GET' && c.req.method !== 'HEAD') checkWrite(c, hosts)
    return next()
  }
}

function checkWrite(c: Context, hosts: Set<string>): void {
  const origin = c.req.header('origin')
  const site = c.req.header('sec-fetch-site')
  const foreign = origin !== undefined && !(URL.canParse(origin) && hosts.has(new URL(origin).host))
  if (foreign || site === 'cross-site' || site === 'same-site') {
    throw new UserError('This request came from a page of another site.', {
      hint: 'Open the page from your chat again.',
      code: 'origin',
    })
  }
  if (!/^application\/json\b/i.test(c.req.header('content-type') ?? '')) {
    throw new UserError('The body must be JSON.', {
      hint: 'Send content-type: application/json.',
      code: 'content-type',
    })
  }
}

function allowedHosts({ HOST, PUBLIC_URL }: Pick<Config, 'HOST' | 'PUBLIC_URL'>, port: number): Set<string> {
  const bound = HOST === '0.0.0.0' || HOST === '::' ? [] : [isIP(HOST) === 6 ? `[${HOST}]` : HOST.toLowerCase()]
  const names = ['127.0.0.1', 'localhost', '[::1]', ...bound]
  return new Set([
    ...names.flatMap((name) => [`${name}:${port}`, ...(port === 80 ? [name] : [])]),
    ...(PUBLIC_URL ? [new URL(PUBLIC_URL).host] : []),
  ])
}

/** A signature of a contract wallet may be long (EIP-6492); everything else is far below. */
export function smallBodies(maxSize = 64 * 1024): MiddlewareHandler {
  return bodyLimit({
    maxSize,
    onError: () => {
      throw new UserError('That is too much data.', {
        hint: `At most ${maxSize / 1024} kB fit in one request.`,
        code: 'too-large',
      })
    },
  })
}

/** Figures are for the operator on this machine: not for others, and not through a proxy that runs beside us. */
export function isLocalOperator(c: Context, port: number): boolean {
  const remote = getConnInfo(c).remote.address ?? ''
  const isLoopback = remote === '::1' || /^(::ffff:)?127\./.test(remote)
  const host = c.req.header('host') ?? ''
  const isDirect =
    ['127.0.0.1', 'localhost', '[::1]'].some((name) => host === `${name}:${port}`) && !c.req.header('x-forwarded-for')
  return isLoopback && isDirect
}
