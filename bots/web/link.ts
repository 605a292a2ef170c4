import { randomBytes } from 'node:crypto'
import { Hono, type Context as Request } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import { z } from 'zod'
import { linkMessage, openTicket, pageUrl, proveLink, signRegistration, type App } from '../../core/index.ts'
import { linkPage } from './link-page.ts'
import { body } from './problem.ts'

const messageBody = z.object({ address: z.string().max(100), chainId: z.number().int().positive() })
const signatureBody = z.object({ signature: z.string().max(40_000) })

/** The page on which a wallet is linked, and its API. The ticket in the address and the cookie of one browser go together. */
export function linkRoutes({ ctx }: App): Hono {
  const routes = new Hono()
  const origin = new URL(pageUrl(ctx.config))
  const isSecure = origin.protocol === 'https:'
  // A cookie that only this host over TLS can set; plain http is for this machine alone, and knows no such prefix.
  const cookieName = isSecure ? '__Host-autoco' : 'autoco'
  const holder = (c: Request): { ticket: string; cookie: string | undefined } => ({
    ticket: c.req.param('ticket') ?? '',
    cookie: getCookie(c, cookieName),
  })

  // Looking at the page opens nothing, so that a chat's link preview does not use the ticket up.
  routes.get('/l/:ticket', (c) => c.html(linkPage()))

  routes.post('/api/link/:ticket/open', async (c) => {
    const { ticket, cookie = randomBytes(16).toString('base64url') } = holder(c)
    const opened = await openTicket(ctx, { ticket, cookie })
    setCookie(c, cookieName, cookie, { httpOnly: true, sameSite: 'Strict', path: '/', secure: isSecure, maxAge: 3_600 })
    return c.json({ ...opened, origin: origin.origin, chain: { id: ctx.chain.id, name: ctx.chain.name } })
  })
  routes.post('/api/link/:ticket/message', async (c) =>
    c.json(await linkMessage(ctx, { ...holder(c), ...(await body(c, messageBody)) })),
  )
  routes.post('/api/link/:ticket/signature', async (c) =>
    c.json(await proveLink(ctx, { ...holder(c), ...(await body(c, signatureBody)) })),
  )
  routes.post('/api/link/:ticket/registration', async (c) =>
    c.json(await signRegistration(ctx, { ...holder(c), ...(await body(c, signatureBody)) })),
  )
  return routes
}
