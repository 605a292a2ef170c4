import { randomBytes } from 'node:crypto'
import type { Context as Request } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import { pageUrl, type Config } from '../../core/index.ts'

/** The cookie that makes one browser the holder of a link. */
export type BrowserCookie = { read(c: Request): string | undefined; keep(c: Request): string }

export function browserCookie(config: Pick<Config, 'PUBLIC_URL' | 'HOST' | 'PORT'>): BrowserCookie {
  const isSecure = new URL(pageUrl(config)).protocol === 'https:'
  // A cookie that only this host over TLS can set; plain http is for this machine alone, and knows no such prefix.
  const name = isSecure ? '__Host-autoco' : 'autoco'
  const read = (c: Request): string | undefined => getCookie(c, name)
  return {
    read,
    keep(c) {
      const cookie = read(c) ?? randomBytes(16).toString('base64url')
      setCookie(c, name, cookie, { httpOnly: true, sameSite: 'Strict', path: '/', secure: isSecure, maxAge: 3_600 })
      return cookie
    },
  }
}
