import http from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Json } from './state.ts'

export type Listener = {
  url: string
  /** What came, oldest first: a form's fields, or an event. */
  heard: { fields: Record<string, string>; event: Json; retry: string | undefined }[]
  /** It hears, and does not answer. */
  isDeaf: boolean
  stop(): Promise<void>
}

/** The least that Slack calls an app: an address that says 200 to what is sent there. */
export async function listen(): Promise<Listener> {
  const heard: Listener['heard'] = []
  const server = http.createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const text = Buffer.concat(chunks).toString()
    const isJson = request.headers['content-type'] === 'application/json'
    const event = isJson ? (JSON.parse(text) as Json) : {}
    const retry = request.headers['x-slack-retry-num'] as string | undefined
    heard.push({ fields: isJson ? {} : Object.fromEntries(new URLSearchParams(text)), event, retry })
    if (!listener.isDeaf) response.end(event['challenge'] ?? '')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const listener: Listener = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    heard,
    isDeaf: false,
    stop: () => {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
  return listener
}
