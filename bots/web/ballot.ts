import { Hono } from 'hono'
import { z } from 'zod'
import { acceptBallot, ballotPage, ballotTypedData, pageUrl, type App } from '../../core/index.ts'
import { ballotShell } from './ballot-page.ts'
import { body } from './problem.ts'

export const addressBody = z.object({ address: z.string().max(100) })
export const signedBody = z.object({ address: z.string().max(100), signature: z.string().max(40_000) })

/** The page on which a ballot is signed, and its API. The draft in the address says what is asked; only a signature votes. */
export function ballotRoutes({ ctx }: App): Hono {
  const routes = new Hono()
  const { origin } = new URL(pageUrl(ctx.config))
  const chain = { id: ctx.chain.id, name: ctx.chain.name }

  routes.get('/b/:draft', (c) => c.html(ballotShell()))
  routes.get('/api/ballot/:draft', async (c) =>
    c.json({ ...(await ballotPage(ctx, { draft: c.req.param('draft') })), origin, chain }),
  )
  routes.post('/api/ballot/:draft/typed-data', async (c) =>
    c.json(await ballotTypedData(ctx, { draft: c.req.param('draft'), ...(await body(c, addressBody)) })),
  )
  routes.post('/api/ballot/:draft/signature', async (c) =>
    c.json(await acceptBallot(ctx, { draft: c.req.param('draft'), ...(await body(c, signedBody)) })),
  )
  return routes
}
