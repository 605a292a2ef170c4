import http from 'node:http'
import type { AddressInfo, Socket } from 'node:net'

/** How often (0 to 1) each thing goes wrong, and what a provider refuses. All are zero in `calm` weather. */
export type Weather = {
  /** 429, with or without Retry-After. */
  busy: number
  /** 500, 502 or 503. */
  broken: number
  /** A page instead of JSON, with status 200. */
  html: number
  /** Half of the answer, then the end. */
  truncated: number
  /** The connection is cut. */
  cut: number
  /** A backend that is some blocks behind answers the whole batch. */
  lag: number
  /** Each call of the batch goes to a backend of its own, which may be behind. */
  split: number
  /** A log with the hash of another block. */
  wrongHash: number
  /** One log twice. */
  twice: number
  /** An answer is left out of the batch. */
  missing: number
  /** One call of the batch is refused for its rate. */
  refused: number
  /** The answers of a batch in another order. */
  shuffled: number
}

export type FaultProxy = {
  url: string
  weather: Weather
  /** Makes range queries above it fail in these words; `{max}` stands for the number. */
  range: { max: number; words: string; status?: number } | undefined
  /** Answers requests so, without asking the node, unless it says nothing. */
  instead: ((body: unknown) => { status: number; body: string } | 'hang' | undefined) | undefined
  /** HTTP requests so far. */
  requests: () => number
  /** How often each fault has struck. */
  struck: Map<keyof Weather, number>
  stop(): Promise<void>
}

type Call = { id: number; method: string; params: unknown[] }
type Answer = { jsonrpc: '2.0'; id: number; result?: unknown; error?: { code: number; message: string } }
type Log = { blockNumber: string; blockHash: string }

const calm: Weather = {
  busy: 0,
  broken: 0,
  html: 0,
  truncated: 0,
  cut: 0,
  lag: 0,
  split: 0,
  wrongHash: 0,
  twice: 0,
  missing: 0,
  refused: 0,
  shuffled: 0,
}
export const calmWeather = (): Weather => ({ ...calm })

/** A bad provider in front of a good node: what goes wrong depends on the seed and the number of the request alone. */
export async function faultProxy(target: string, seed = 1): Promise<FaultProxy> {
  let count = 0
  const sockets = new Set<Socket>()
  const proxy: Omit<FaultProxy, 'url' | 'stop'> = {
    weather: calmWeather(),
    range: undefined,
    instead: undefined,
    requests: () => count,
    struck: new Map(),
  }
  const server = http.createServer((request, response) => {
    count += 1
    const random = seeded(seed * 1_000_003 + count)
    handle({ proxy, target, random, request, response }).catch(() => response.destroy())
  })
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return Object.assign(proxy, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  })
}

async function handle(params: {
  proxy: Omit<FaultProxy, 'url' | 'stop'>
  target: string
  random: () => number
  request: http.IncomingMessage
  response: http.ServerResponse
}): Promise<void> {
  const { proxy, target, random, request, response } = params
  const strikes = (name: keyof Weather): boolean => {
    const hit = random() < proxy.weather[name]
    if (hit) proxy.struck.set(name, (proxy.struck.get(name) ?? 0) + 1)
    return hit
  }
  const say = (status: number, body: string, headers: Record<string, string> = {}): void => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body)
  }
  const body = JSON.parse(await read(request)) as Call | Call[]
  const instead = proxy.instead?.(body)
  if (instead === 'hang') return
  if (instead) return say(instead.status, instead.body)
  if (strikes('cut')) return void request.socket.destroy()
  if (strikes('busy')) return say(429, '{"error":"slow down"}', random() < 0.5 ? { 'retry-after': '0' } : {})
  if (strikes('broken')) return say([500, 502, 503][Math.floor(random() * 3)]!, 'Bad Gateway')
  if (strikes('html')) return say(200, '<html><body>Just a moment...</body></html>', { 'content-type': 'text/html' })
  const calls = Array.isArray(body) ? body : [body]
  const node = backend(target)
  const view = strikes('lag') ? await node.behind(1 + Math.floor(random() * 6)) : undefined
  const isSplit = strikes('split')
  const answers: Answer[] = []
  for (const call of calls) {
    const own = isSplit && random() < 0.5 ? await node.behind(1 + Math.floor(random() * 6)) : view
    answers.push({ jsonrpc: '2.0', id: call.id, ...(await answerOf({ node, call, view: own, range: proxy.range })) })
  }
  for (const answer of answers) {
    if (!isLogs(answer.result)) continue
    const [first] = answer.result
    if (strikes('wrongHash')) answer.result = answer.result.map((log) => ({ ...log, blockHash: `0x${'5'.repeat(64)}` }))
    else if (strikes('twice')) answer.result = [first, ...answer.result]
  }
  if (strikes('refused')) {
    const at = Math.floor(random() * answers.length)
    answers[at] = { jsonrpc: '2.0', id: answers[at]!.id, error: { code: -32_005, message: 'rate limit exceeded' } }
  }
  if (strikes('missing')) answers.splice(Math.floor(random() * answers.length), 1)
  if (strikes('shuffled')) answers.reverse()
  const refusal = answers.find(({ error }) => error !== undefined)
  const status = refusal && proxy.range?.status && calls.length === answers.length ? proxy.range.status : 200
  const text = JSON.stringify(Array.isArray(body) ? answers : answers[0])
  if (strikes('truncated')) return say(200, text.slice(0, Math.floor(text.length / 2)))
  say(status, status === 200 ? text : JSON.stringify(refusal))
}

type Backend = ReturnType<typeof backend>

function backend(target: string) {
  const ask = async (method: string, params: unknown[]): Promise<Pick<Answer, 'result' | 'error'>> => {
    const answer = await fetch(target, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
    })
    const { result, error } = (await answer.json()) as Answer
    return error ? { error } : { result }
  }
  return {
    ask,
    /** The height of a backend that is so many blocks late. */
    async behind(blocks: number): Promise<number> {
      return Math.max(0, Number((await ask('eth_blockNumber', [])).result) - blocks)
    },
    async heightOf(hash: string): Promise<number | undefined> {
      const { result } = await ask('eth_getBlockByHash', [hash, false])
      return result ? Number((result as { number: string }).number) : undefined
    },
  }
}

/** As a node would answer that is at this height: without an error, and as if later blocks were not there. */
async function answerOf(params: {
  node: Backend
  call: Call
  view: number | undefined
  range: FaultProxy['range']
}): Promise<Pick<Answer, 'result' | 'error'>> {
  const { node, call, view, range } = params
  const { method } = call
  const [first] = call.params as [never]
  if (method === 'eth_getLogs') {
    const { blockHash, fromBlock, toBlock } = first as { blockHash?: string; fromBlock: string; toBlock: string }
    if (blockHash !== undefined) {
      const height = await node.heightOf(blockHash)
      if (height === undefined || (view !== undefined && height > view)) return { result: [] }
      return node.ask(method, call.params)
    }
    if (range && Number(toBlock) - Number(fromBlock) + 1 > range.max)
      return { error: { code: -32_602, message: range.words.replaceAll('{max}', String(range.max)) } }
    const answer = await node.ask(method, call.params)
    if (view === undefined || !isLogs(answer.result)) return answer
    return { result: answer.result.filter((log) => Number(log.blockNumber) <= view) }
  }
  if (view === undefined) return node.ask(method, call.params)
  if (method === 'eth_blockNumber') return { result: `0x${view.toString(16)}` }
  if (method === 'eth_getBlockByNumber') {
    if (first === 'latest') return node.ask(method, [`0x${view.toString(16)}`, false])
    if (first !== 'finalized' && Number(first) > view) return { result: null }
  }
  if (method === 'eth_getBlockReceipts' && ((await node.heightOf(first)) ?? Infinity) > view) return { result: null }
  if (method === 'eth_call' && Number(call.params[1]) > view)
    return { error: { code: -32_000, message: 'header not found' } }
  return node.ask(method, call.params)
}

const isLogs = (value: unknown): value is Log[] =>
  Array.isArray(value) && value.length > 0 && typeof (value[0] as Partial<Log>).blockHash === 'string'

async function read(request: http.IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  return Buffer.concat(parts).toString('utf8')
}

/** mulberry32: small, and the same everywhere. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
