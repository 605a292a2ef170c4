import { Hono } from 'hono'
import { z } from 'zod'
import { acceptSent, acceptSigned, actionAsked, actionPage, pageUrl, type App } from '../../core/index.ts'
import { actionShell } from './action-page.ts'
import { body } from './problem.ts'

const signatureBody = z.object({ number: z.number().int().nonnegative(), signature: z.string().max(40_000) })
const sentBody = z.object({ number: z.number().int().nonnegative(), hash: z.string().max(100) })

/** The page on which a wallet signs or sends what was asked for in chat, step by step, and its API. */
export function actionRoutes({ ctx }: App): Hono {
  const routes = new Hono()
  const { origin } = new URL(pageUrl(ctx.config))
  const chain = { id: ctx.chain.id, name: ctx.chain.name }

  routes.get('/a/:secret', (c) => c.html(actionShell()))
  routes.get('/api/action/:secret', async (c) =>
    c.json({ ...(await actionPage(ctx, { secret: c.req.param('secret') })), origin, chain }),
  )
  routes.post('/api/action/:secret/typed-data', async (c) =>
    c.json(await actionAsked(ctx, { secret: c.req.param('secret') })),
  )
  routes.post('/api/action/:secret/signature', async (c) =>
    c.json(await acceptSigned(ctx, { secret: c.req.param('secret'), ...(await body(c, signatureBody)) })),
  )
  routes.post('/api/action/:secret/sent', async (c) =>
    c.json(await acceptSent(ctx, { secret: c.req.param('secret'), ...(await body(c, sentBody)) })),
  )
  return routes
}
