import type { Server, ServerResponse } from 'node:http'
import { has, type App, type Serves } from '../../core/index.ts'

/**
 * Hands what comes in under `/hooks/<platform>/` to that platform as it came: its own library checks who sent it, over
 * the raw body. Everything else goes on to the pages.
 */
export function serveHooks(server: Server, app: App): void {
  const pages = server.listeners('request') as ((...args: unknown[]) => void)[]
  server.removeAllListeners('request')
  server.on('request', (request, response) => {
    const name = /^\/hooks\/([a-z]+)(?:[/?]|$)/.exec(request.url ?? '')?.[1]
    if (name === undefined) {
      for (const page of pages) page(request, response)
      return
    }
    const platform = app.platform(name)
    if (has<Serves>(platform, 'serve')) platform.serve(request, response)
    else refuse(response)
  })
}

function refuse(response: ServerResponse): void {
  response.writeHead(404, { 'content-type': 'text/plain' }).end('Nothing listens here.\n')
}
