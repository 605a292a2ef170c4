import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { methods, unknown, type Parts } from './methods.ts'
import { Refusal } from './refusal.ts'
import type { Spec } from './spec.ts'
import type { Call, Json, State } from './state.ts'

/** The Bot API over HTTP: token, document, faults, then the method. */
export function createApi(parts: Parts, spec: Spec): Server {
  return createServer((request, response) => {
    void answer(parts, spec, request, response).catch((error: unknown) => {
      parts.state.violations.push(
        `the emulator failed: ${error instanceof Error ? (error.stack ?? '') : String(error)}`,
      )
      response.writeHead(500).end()
    })
  })
}

async function answer(parts: Parts, spec: Spec, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { state } = parts
  const url = new URL(request.url ?? '/', 'http://telegram')
  const say = (status: number, body: Json): void => {
    const wait = body['parameters']?.retry_after as number | undefined
    const headers = {
      'content-type': 'application/json',
      ...(wait === undefined ? {} : { 'retry-after': String(wait) }),
    }
    response.writeHead(status, headers).end(JSON.stringify(body))
  }
  const refuse = (error: Refusal): void =>
    say(error.code, {
      ok: false,
      error_code: error.code,
      description: error.message,
      ...(error.parameters ? { parameters: error.parameters } : {}),
    })
  const match = /^\/bot([^/]+)\/(\w+)$/.exec(url.pathname)
  const params = await read(request, url)
  if (!match) return refuse(new Refusal(404, 'Not Found'))
  if (match[1] !== state.token) {
    state.violations.push(`${match[2]}: 401 Unauthorized`)
    return refuse(new Refusal(401, 'Unauthorized'))
  }
  const name = match[2] ?? ''
  const call: Call = { method: name, params, at: Date.now(), status: 200 }
  if (name !== 'getUpdates') state.calls.push(call)
  const fault = takeFault(state, name, params)
  try {
    if (fault?.type === 'status') return void response.writeHead(fault.status).end('<html>Bad Gateway</html>')
    if (fault?.type === 'cut' && fault.when === 'before') return void request.socket.destroy()
    if (fault?.type === 'error') throw new Refusal(fault.code, fault.description, fault.parameters)
    if (fault?.type === 'flood') parts.flood.hold(fault.chat, fault.seconds)
    const method = methods[name]
    if (!spec.knows(name)) throw unknown()
    const [wrong] = spec.faults(name, params)
    if (wrong !== undefined) throw new Refusal(400, `Bad Request: ${wrong}`)
    // Telegram has it, but AutoCo should not need it.
    if (!method) throw unknown()
    const result = await method(parts, params)
    if (fault?.type === 'cut') return void request.socket.destroy()
    say(200, { ok: true, result })
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    call.status = error.code
    // What a test asked for, and to be told to wait, is no breach; to call during a wait is one.
    if (fault?.type !== 'error' && error.code !== 429) state.violations.push(`${name}: ${error.code} ${error.message}`)
    refuse(error)
  }
}

function takeFault(state: State, method: string, params: Json) {
  const fault = state.faults.find(
    (one) =>
      one.times > 0 &&
      (one.method === undefined ? method !== 'getUpdates' : one.method === method) &&
      (one.chat === undefined || one.chat === Number(params['chat_id'])),
  )
  if (fault) fault.times -= 1
  return fault
}

async function read(request: IncomingMessage, url: URL): Promise<Json> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const raw = Buffer.concat(chunks).toString('utf8')
  const query = Object.fromEntries(url.searchParams) as Json
  if (raw === '') return query
  const isJson = (request.headers['content-type'] ?? '').startsWith('application/json')
  const body = isJson ? (JSON.parse(raw) as Json) : (Object.fromEntries(new URLSearchParams(raw)) as Json)
  return { ...query, ...Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null)) }
}
