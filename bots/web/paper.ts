import { Hono } from 'hono'
import { z } from 'zod'
import { choosePaper, pageUrl, paperPage, type App } from '../../core/index.ts'
import { paperShell } from './paper-page.ts'
import { body } from './problem.ts'

const answersBody = z.object({
  wallet: z.string().max(100),
  answers: z.array(z.union([z.literal('abstain'), z.array(z.number().int().min(0).max(23)).max(24), z.null()])).max(24),
})

/** The page on which all polls of a paper are answered, and its API. What is chosen leads to the page that signs it. */
export function paperRoutes({ ctx }: App): Hono {
  const routes = new Hono()
  const { origin } = new URL(pageUrl(ctx.config))

  routes.get('/q/:secret', (c) => c.html(paperShell()))
  routes.get('/api/paper/:secret', async (c) =>
    c.json({ ...(await paperPage(ctx, { secret: c.req.param('secret') })), origin }),
  )
  routes.post('/api/paper/:secret/answers', async (c) =>
    c.json(await choosePaper(ctx, { secret: c.req.param('secret'), ...(await body(c, answersBody)) })),
  )
  return routes
}
