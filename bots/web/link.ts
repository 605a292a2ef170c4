import { Hono, type Context as Request } from 'hono'
import { z } from 'zod'
import {
  acceptLaunch,
  beginLogin,
  finishLogin,
  linkMessage,
  openTicket,
  pageUrl,
  proveLink,
  signRegistration,
  type App,
} from '../../core/index.ts'
import { browserCookie } from './cookie.ts'
import { linkPage, loginPage } from './link-page.ts'
import { body } from './problem.ts'

const messageBody = z.object({ address: z.string().max(100), chainId: z.number().int().positive() })
const signatureBody = z.object({ signature: z.string().max(40_000) })
const loginBody = z.object({ code: z.string().min(1).max(2_000), state: z.string().min(1).max(200) })
const launchBody = z.object({ data: z.string().min(1).max(10_000) })

/** The page on which a wallet is linked, and its API. The ticket in the address and the cookie of one browser go together. */
export function linkRoutes({ ctx }: App): Hono {
  const routes = new Hono()
  const { origin } = new URL(pageUrl(ctx.config))
  const cookie = browserCookie(ctx.config)
  const holder = (c: Request): { ticket: string; cookie: string | undefined } => ({
    ticket: c.req.param('ticket') ?? '',
    cookie: cookie.read(c),
  })

  // Looking at the page opens nothing, so that a chat's link preview does not use the ticket up.
  routes.get('/l/:ticket', (c) => c.html(linkPage()))
  // A browser that comes back from another site brings no cookie of ours along, so the page itself asks once more.
  routes.get('/login/:platform', (c) => c.html(loginPage()))

  routes.post('/api/link/:ticket/open', async (c) => {
    const { ticket } = holder(c)
    const opened = await openTicket(ctx, { ticket, cookie: cookie.keep(c) })
    return c.json({ ...opened, origin, chain: { id: ctx.chain.id, name: ctx.chain.name } })
  })
  routes.post('/api/link/:ticket/login', async (c) => c.json(await beginLogin(ctx, holder(c))))
  routes.post('/api/link/:ticket/launch', async (c) => {
    await acceptLaunch(ctx, { ...holder(c), ...(await body(c, launchBody)) })
    return c.json({})
  })
  routes.post('/api/login/:platform', async (c) => {
    const platform = c.req.param('platform')
    await finishLogin(ctx, { platform, cookie: cookie.read(c), ...(await body(c, loginBody)) })
    return c.json({})
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
