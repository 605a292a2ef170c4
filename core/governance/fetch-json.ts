import type { ClientRequest, IncomingMessage, RequestOptions } from 'node:http'
import { lookup } from 'node:dns/promises'
import https from 'node:https'
import { isIP } from 'node:net'
import { isPublicAddress } from './public-address.ts'

/** The way to the outside. There is one; a test that runs a server on this machine brings its own. */
export type Reach = {
  resolve(host: string): Promise<string[]>
  mayConnect(address: string): boolean
  request(options: RequestOptions): ClientRequest
  port: number
  timeoutMs: number
}

const internet: Reach = {
  resolve: async (host) => (await lookup(host, { all: true })).map(({ address }) => address),
  mayConnect: isPublicAddress,
  request: (options) => https.request(options),
  port: 443,
  timeoutMs: 8_000,
}

const mostBytes = 2_000_000

/**
 * JSON from a host that a stranger named. The name is resolved once, every address must be public, and the connection
 * goes to the address that was looked at: what the name leads to a moment later does not matter.
 */
export async function fetchJson(url: { host: string; path: string }, reach: Reach = internet): Promise<unknown> {
  const signal = AbortSignal.timeout(reach.timeoutMs)
  const addresses = await withinTime(reach.resolve(url.host), signal)
  const [address] = addresses
  if (address === undefined) throw new Error('the name leads nowhere')
  if (!addresses.every((one) => reach.mayConnect(one))) throw new Error('the name leads to a private address')
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const request = reach.request({
      host: address,
      port: reach.port,
      path: url.path,
      // The certificate is that of the name, not of the address.
      ...(isIP(url.host) ? {} : { servername: url.host }),
      headers: { host: url.host, accept: 'application/json', 'user-agent': 'AutoCo' },
      agent: false,
      signal,
    })
    request.once('response', resolve)
    request.once('error', reject)
    request.end()
  })
  try {
    if (response.statusCode !== 200) throw new Error(`it answered ${response.statusCode}`)
    if (!/^application\/json\b/i.test(response.headers['content-type'] ?? ''))
      throw new Error('it did not answer with JSON')
    return JSON.parse(await readCapped(response)) as unknown
  } finally {
    response.destroy()
  }
}

async function readCapped(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > mostBytes) throw new Error('it answered with more than 2 MB')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

async function withinTime<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return Promise.race([
    work,
    new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => reject(new Error('the name was not resolved in time')), { once: true })
    }),
  ])
}
