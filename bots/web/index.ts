import type { Server } from 'node:http'
import { createAdaptorServer } from '@hono/node-server'
import { Hono } from 'hono'
import { routePath } from 'hono/route'
import { GoneError, UserError, type App, type Config, type Platform } from '../../core/index.ts'
import { serveHooks } from './hooks.ts'
import { actionRoutes } from './action.ts'
import { paperRoutes } from './paper.ts'
import { assetRoutes } from './assets.ts'
import { ballotRoutes } from './ballot.ts'
import { delegationRoutes } from './delegation.ts'
import { frontRoutes } from './front.ts'
import { headers, sameSite, smallBodies } from './guard.ts'
import { healthRoutes } from './health.ts'
import { linkRoutes } from './link.ts'
import { miniAppRoutes } from './mini-app.ts'
import { createPlayground, type Playground, type PlaygroundOptions } from './playground.ts'
import { playgroundRoutes } from './playground-routes.ts'
import { notFound, onProblem } from './problem.ts'
import { proposalRoutes } from './proposal.ts'
import { receiptRoutes } from './receipt.ts'

export type { PlaygroundOptions } from './playground.ts'
export type { TestPerson } from './playground-people.ts'

export type WebOptions = {
  config: Pick<Config, 'HOST' | 'PORT' | 'PUBLIC_URL'>
  /** Without it there is no chat here, only the pages that chats of other platforms link to. */
  playground?: PlaygroundOptions | undefined
}

/** The web server: the signing pages, and the playground, which is the platform that this object stands for. */
export type Web = Platform & { readonly url: string }

export function createWeb(options: WebOptions): Web {
  const { config } = options
  const playground = options.playground && createPlayground(options.playground)
  let server: Server | undefined
  let port = config.PORT
  return {
    name: 'playground',
    get url() {
      return `http://${config.HOST === '0.0.0.0' || config.HOST === '::' ? '127.0.0.1' : config.HOST}:${port}`
    },
    async start(app) {
      await playground?.open(app.ctx)
      const routes = createRoutes(app, { config, playground, port: () => port })
      server = createAdaptorServer({ fetch: routes.fetch }) as Server
      serveHooks(server, app)
      port = await listen(server, config)
      server.on('error', (error) => app.ctx.log.warn({ error }, 'web server'))
    },
    async stop() {
      const closing = server
      server = undefined
      if (!closing?.listening) return
      await new Promise<void>((resolve) => {
        closing.close(() => resolve())
        // A stream to a tab never ends by itself; the tab connects again when we are back.
        closing.closeAllConnections()
      })
    },
    async send(to, view, sending) {
      if (!playground) throw new GoneError('channel')
      return await playground.platform.send(to, view, sending)
    },
    async edit(message, view) {
      if (!playground) throw new GoneError('message')
      await playground.platform.edit(message, view)
    },
  }
}

type Parts = { config: WebOptions['config']; playground: Playground | undefined; port: () => number }

/** Every address, behind the same guards. */
export function createRoutes(app: App, { config, playground, port }: Parts): Hono {
  const { ctx } = app
  const routes = new Hono()
  routes.onError(onProblem(ctx))
  routes.notFound(notFound)
  routes.use(async (c, next) => {
    const started = performance.now()
    await next()
    // The pattern and never the path: a path may hold a ticket.
    const at = {
      method: c.req.method,
      route: routePath(c, -1),
      status: c.res.status,
      ms: Math.round(performance.now() - started),
    }
    if (c.res.status >= 500) ctx.log.warn(at, 'request')
    else ctx.log.debug(at, 'request')
  })
  routes.use(headers())
  routes.use(sameSite(config, port))
  routes.use(smallBodies())
  routes.route('/', healthRoutes(ctx, port))
  routes.route('/', assetRoutes())
  routes.route('/', linkRoutes(app))
  routes.route('/', miniAppRoutes(app))
  routes.route('/', proposalRoutes(app))
  routes.route('/', ballotRoutes(app))
  routes.route('/', receiptRoutes(app))
  routes.route('/', delegationRoutes(app))
  routes.route('/', actionRoutes(app))
  routes.route('/', paperRoutes(app))
  routes.route('/', playground ? playgroundRoutes(app, playground) : frontRoutes(app))
  return routes
}

function listen(server: Server, { HOST, PORT }: WebOptions['config']): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => reject(listenProblem(cause, HOST, PORT)))
    server.listen(PORT, HOST, () => {
      const address = server.address()
      resolve(typeof address === 'object' && address ? address.port : PORT)
    })
  })
}

function listenProblem(cause: NodeJS.ErrnoException, host: string, port: number): Error {
  const table: Record<string, UserError> = {
    EADDRINUSE: new UserError(`Port ${port} is in use by another program.`, {
      hint: `Stop it, or choose another port: PORT=${port + 1}`,
      cause,
    }),
    EACCES: new UserError(`This user may not listen on port ${port}.`, {
      hint: 'Choose a port above 1023, such as PORT=4040.',
      cause,
    }),
    EADDRNOTAVAIL: new UserError(`HOST=${host} is not an address of this machine.`, {
      hint: 'HOST=127.0.0.1 for this machine only, HOST=0.0.0.0 for all its networks.',
      cause,
    }),
    ENOTFOUND: new UserError(`HOST=${host} is not a name this machine knows.`, { hint: 'HOST=127.0.0.1', cause }),
  }
  return table[cause.code ?? ''] ?? cause
}
