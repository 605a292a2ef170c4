import http from 'node:http'
import type { AddressInfo } from 'node:net'

/** What the server got, as bytes and read. */
export type ModelRequest = {
  url: string
  headers: http.IncomingHttpHeaders
  raw: string
  body: {
    model: string
    messages: { role: string; content: string }[]
    response_format?: { type: string; json_schema?: { name: string } }
    max_tokens?: number
    max_completion_tokens?: number
    temperature?: number
  }
}

export type ModelReply =
  | { status?: number; headers?: Record<string, string>; body: string | object }
  /** `hang` never answers, `drip` sends a byte at a time for ever, `cut` breaks off. */
  | { fault: 'hang' | 'drip' | 'cut' }

export type ModelServer = { baseUrl: string; requests: ModelRequest[]; stop: () => Promise<void> }

/** A scripted OpenAI-compatible server on the loopback: `script` answers the n-th request (from 0). */
export async function modelServer(script: (request: ModelRequest, nth: number) => ModelReply): Promise<ModelServer> {
  const requests: ModelRequest[] = []
  const timers = new Set<NodeJS.Timeout>()
  const server = http.createServer((incoming, response) => {
    const chunks: Buffer[] = []
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
    incoming.on('end', () => {
      const raw = Buffer.concat(chunks).toString('utf8')
      const request = {
        url: incoming.url ?? '',
        headers: incoming.headers,
        raw,
        body: JSON.parse(raw) as ModelRequest['body'],
      }
      requests.push(request)
      const reply = script(request, requests.length - 1)
      if (!('fault' in reply)) {
        response.writeHead(reply.status ?? 200, { 'content-type': 'application/json', ...reply.headers })
        response.end(typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body))
      } else if (reply.fault === 'cut') {
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': '5000' })
        response.write('{"choices": [')
        response.socket?.destroy()
      } else if (reply.fault === 'drip') {
        response.writeHead(200, { 'content-type': 'application/json' })
        const timer = setInterval(() => response.write(' '), 10)
        timers.add(timer)
      }
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    requests,
    stop: async () => {
      for (const timer of timers) clearInterval(timer)
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** A completion that says `content`; objects are sent as JSON text. */
export function completion(
  content: unknown,
  more: { finish?: string; message?: object; usage?: object | null } = {},
): { body: object } {
  return {
    body: {
      id: 'chatcmpl-1',
      object: 'chat.completion',
      created: 0,
      model: 'scripted',
      choices: [
        {
          index: 0,
          finish_reason: more.finish ?? 'stop',
          message: {
            role: 'assistant',
            content: typeof content === 'string' ? content : JSON.stringify(content),
            ...more.message,
          },
        },
      ],
      usage: more.usage === undefined ? { prompt_tokens: 100, completion_tokens: 50, total_tokens: 150 } : more.usage,
    },
  }
}

/** The sources a request shows to the model. */
export function sourcesIn(request: ModelRequest): { id: string; author?: string; text: string }[] {
  const user = request.body.messages[1]?.content ?? ''
  const list = user.slice(user.indexOf('Sources:') + 'Sources:'.length)
  return JSON.parse(list) as { id: string; author?: string; text: string }[]
}
