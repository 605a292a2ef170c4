import http from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Reach } from '../../core/governance/fetch-json.ts'

export type ForumReply =
  | { status?: number; headers?: Record<string, string>; body: string | object }
  /** `hang` never answers, `drip` sends a byte at a time for ever, `flood` sends without end. */
  | { fault: 'hang' | 'drip' | 'flood' }

export type Forum = {
  requests: { path: string; host: string | undefined }[]
  /** The way to it: every name leads to this machine, and only to this server. */
  reach: Reach
  stop(): Promise<void>
}

/** A scripted forum on the loopback: `script` answers by path, the n-th request (from 0). */
export async function forum(script: (path: string, nth: number) => ForumReply): Promise<Forum> {
  const requests: Forum['requests'] = []
  const timers = new Set<NodeJS.Timeout>()
  const server = http.createServer((incoming, response) => {
    requests.push({ path: incoming.url ?? '', host: incoming.headers.host })
    const reply = script(incoming.url ?? '', requests.length - 1)
    const type = { 'content-type': 'application/json; charset=utf-8' }
    if (!('fault' in reply)) {
      response.writeHead(reply.status ?? 200, { ...type, ...reply.headers })
      response.end(typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body))
    } else if (reply.fault !== 'hang') {
      response.writeHead(200, type)
      const piece = reply.fault === 'drip' ? ' ' : ' '.repeat(100_000)
      timers.add(setInterval(() => response.write(piece), 5))
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    requests,
    reach: {
      resolve: async () => ['127.0.0.1'],
      mayConnect: (address) => address === '127.0.0.1',
      request: (options) => http.request(options),
      port: (server.address() as AddressInfo).port,
      timeoutMs: 700,
    },
    async stop() {
      for (const timer of timers) clearInterval(timer)
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** A topic as Discourse answers it. */
export function topic(posts: { number?: number; name?: string; cooked: string; more?: object }[], count?: number) {
  return {
    body: {
      id: 42,
      posts_count: count ?? posts.length,
      post_stream: {
        posts: posts.map(({ number, name = 'Alice', cooked, more }, i) => ({
          id: 1_000 + i,
          post_number: number ?? i + 1,
          username: name.toLowerCase(),
          name,
          created_at: '2026-01-02T03:04:05.678Z',
          post_type: 1,
          cooked,
          ...more,
        })),
        stream: [],
      },
    },
  }
}
