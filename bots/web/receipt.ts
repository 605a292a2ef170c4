import { Hono } from 'hono'
import { findReceipt, type App, type Receipt } from '../../core/index.ts'
import { receiptPage } from './receipt-page.ts'

/** What became of a ballot, for whoever has its id: a page that follows it, the same as JSON, and the ballot to keep. */
export function receiptRoutes({ ctx }: App): Hono {
  const routes = new Hono()
  routes.get('/r/:id', async (c) => {
    const receipt = await findReceipt(ctx, { id: c.req.param('id') })
    return c.html(receiptPage(receipt, { explorerUrl: ctx.chain.explorerUrl, chain: ctx.chain.name }))
  })
  routes.get('/api/receipt/:id', async (c) => c.json(await findReceipt(ctx, { id: c.req.param('id') })))
  routes.get('/api/receipt/:id/ballot', async (c) => {
    const receipt = await findReceipt(ctx, { id: c.req.param('id') })
    c.header('content-disposition', `attachment; filename="${fileOf(receipt)}"`)
    return c.body(`${JSON.stringify(kept(receipt), undefined, 2)}\n`, 200, { 'content-type': 'application/json' })
  })
  return routes
}

/** All that is needed to prove what was signed, and to send it, without AutoCo. */
const kept = ({ id, proposal, voter, choice, reason, ballot, alone }: Receipt) => ({
  id,
  proposal: { ref: proposal.ref, title: proposal.title, dao: proposal.dao },
  voter,
  choice,
  reason,
  ...ballot,
  alone,
})

const fileOf = ({ id, proposal }: Receipt): string =>
  `ballot-${proposal.ref.replaceAll(/[^a-z0-9-]/g, '')}-${id.slice(2, 10)}.json`
