import { Hono } from 'hono'
import { html } from 'hono/html'
import { z } from 'zod'
import { has, privateChannel, UserError, type App, type ProvesLaunches } from '../../core/index.ts'
import { page } from './layout.ts'
import { body } from './problem.ts'
import { renderView } from './render.ts'

const launchBody = z.object({ data: z.string().min(1).max(10_000), line: z.string().max(500).optional() })

/** A page that a chat platform opens inside itself (a Telegram Mini App): it signs for who is there, and each line is run as theirs. */
export function miniAppRoutes(app: App): Hono {
  const { ctx } = app
  const routes = new Hono()
  routes.get('/app/:platform', (c) =>
    c.html(
      page({
        title: 'AutoCo',
        island: 'mini-app',
        body: html`<p class="status" id="status" role="status" aria-live="polite">One moment…</p>
          <div id="card"></div>
          <noscript><p class="panel">This page needs scripts.</p></noscript>`,
      }),
    ),
  )
  routes.post('/api/app/:platform', async (c) => {
    const { data, line } = await body(c, launchBody)
    const name = c.req.param('platform')
    const platform = app.platform(name)
    if (!has<ProvesLaunches>(platform, 'launch'))
      throw new UserError('There is nothing at this address.', { code: 'not-found' })
    const { account, startParam } = platform.launch(data)
    const asked = line ?? (startParam === undefined ? 'home' : await platform.startLine(startParam))
    // A page in the chat is private, and its person manages nothing by it.
    const caller = { platform: name, ...account, manager: false }
    const { view } = await app.run({
      caller,
      channel: privateChannel(caller),
      line: asked,
      byLink: line === undefined,
    })
    const card = await renderView(view, { explorerUrl: ctx.chain.explorerUrl, level: 2 })
    const pages = (view.actions ?? []).flatMap((action) => ('open' in action ? [action.open] : []))
    return c.json({ html: String(card), pages })
  })
  return routes
}
