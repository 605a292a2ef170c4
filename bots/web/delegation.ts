import { Hono } from 'hono'
import {
  acceptDelegation,
  delegationPage,
  delegationState,
  delegationTypedData,
  pageUrl,
  type App,
} from '../../core/index.ts'
import { addressBody, signedBody } from './ballot.ts'
import { delegationShell } from './delegation-page.ts'
import { body } from './problem.ts'

/** The page on which a wallet hands its weight to an account, and its API. */
export function delegationRoutes({ ctx }: App): Hono {
  const routes = new Hono()
  const { origin } = new URL(pageUrl(ctx.config))
  const chain = { id: ctx.chain.id, name: ctx.chain.name }

  routes.get('/d/:id', (c) => c.html(delegationShell()))
  routes.get('/api/delegation/:id', async (c) => {
    const { dao, wallets, to } = await delegationPage(ctx, { id: c.req.param('id') })
    return c.json({ dao: { name: dao.name, slug: dao.slug, token: dao.token }, wallets, to: to ?? null, origin, chain })
  })
  routes.post('/api/delegation/:id/typed-data', async (c) =>
    c.json({ typedData: await delegationTypedData(ctx, { id: c.req.param('id'), ...(await body(c, addressBody)) }) }),
  )
  routes.post('/api/delegation/:id/signature', async (c) =>
    c.json(await acceptDelegation(ctx, { id: c.req.param('id'), ...(await body(c, signedBody)) })),
  )
  // By what was signed and not by the page, which is gone after a few minutes.
  routes.get('/api/delegated/:digest', async (c) => c.json(await delegationState(ctx, { id: c.req.param('digest') })))
  return routes
}
