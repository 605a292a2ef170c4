import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { Arguments } from './arguments.ts'
import { BlockKit } from './block-kit.ts'
import { Consents } from './consent.ts'
import { emit } from './events.ts'
import { faultOf } from './faults.ts'
import { RateLimits } from './limits.ts'
import { methods } from './methods/index.ts'
import { needScope, type Method, type MethodContext } from './methods/method.ts'
import { Refusal, refuse } from './refusal.ts'
import { respond, useResponseUrl } from './response-url.ts'
import { Sockets } from './sockets.ts'
import { violate, type Call, type Json, type State, type Workspace, word } from './state.ts'

const mostBytes = 1_000_000
const jsonArguments = ['blocks', 'attachments', 'view', 'metadata']

type Reply = { status: number; headers?: Record<string, string>; body: string | Json }

/** The loopback's Slack: Web API, response addresses, consent pages, sockets. */
export class Server {
  readonly blockKit = new BlockKit()
  readonly sockets: Sockets
  readonly consents: Consents
  #arguments = new Arguments()
  #limits: RateLimits
  #http: http.Server
  #state: State
  #track: (work: Promise<unknown>) => void

  constructor(state: State, track: (work: Promise<unknown>) => void) {
    this.#state = state
    this.#track = track
    this.#limits = new RateLimits(state)
    this.consents = new Consents(state)
    this.#http = http.createServer((request, response) => void this.#serve(request, response))
    this.sockets = new Sockets(state, this.#http)
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#http.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(this.#http.address() as AddressInfo).port}`
  }

  async close(): Promise<void> {
    await this.sockets.close()
    this.#http.closeAllConnections()
    await new Promise<void>((resolve) => this.#http.close(() => resolve()))
  }

  emitter(workspace: Workspace): MethodContext['emit'] {
    return (event) => this.#track(emit(this.#state, this.sockets, workspace, event))
  }

  async #serve(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.#state.origin)
    const raw = await readBody(request)
    const reply = await this.#route(request, url, raw, response)
    if (!reply || response.destroyed) return
    const json = typeof reply.body !== 'string'
    response.writeHead(reply.status, {
      'content-type': json ? 'application/json; charset=utf-8' : 'text/html; charset=utf-8',
      ...reply.headers,
    })
    response.end(typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body))
  }

  async #route(
    request: http.IncomingMessage,
    url: URL,
    raw: string,
    response: http.ServerResponse,
  ): Promise<Reply | undefined> {
    const [, root, ...rest] = url.pathname.split('/')
    if (root === 'api' && rest.length === 1) return this.#call(request, url, raw, rest[0]!, response)
    if (root === 'actions' && request.method === 'POST') return this.#respond(rest[1] ?? '', raw)
    if (url.pathname === '/oauth/v2/authorize' || url.pathname === '/openid/connect/authorize') return this.#ask(url)
    violate(this.#state, `${request.method} ${url.pathname}`, 'nothing is there')
    return { status: 404, body: 'not found' }
  }

  async #call(
    request: http.IncomingMessage,
    url: URL,
    raw: string,
    name: string,
    response: http.ServerResponse,
  ): Promise<Reply | undefined> {
    const call: Call = { method: name, body: {}, at: Date.now(), status: 200 }
    this.#state.calls.push(call)
    const cut = (): undefined => void response.destroy()
    try {
      const args = readArguments(request, url, raw)
      const bearer = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? word(args['token'])
      delete args['token']
      call.body = args
      const fault = faultOf(this.#state, name, args['channel'])
      if (fault?.type === 'slow') await new Promise<void>((resolve) => setTimeout(resolve, fault.ms))
      if (fault?.type === 'cut' && fault.when === 'before') return cut()
      if (fault?.type === 'status') return noted(call, { status: fault.status, body: 'upstream error' })
      const method = methods[name]
      if (!method) refuse('unknown_method')
      const workspace = this.#authorise(method, bearer)
      if (workspace.id) call.workspace = workspace.id
      this.#arguments.check(name, args)
      if (fault?.type === 'ratelimit') {
        this.#limits.hold(name, workspace.id, args['channel'], fault.seconds)
        return noted(call, limited(fault.seconds))
      }
      const seconds = this.#limits.take(name, workspace.id, args['channel'])
      if (seconds > 0) return noted(call, limited(seconds))
      if (fault?.type === 'error') return noted(call, { status: 200, body: { ok: false, error: fault.error } })
      const body = this.#run(method, workspace, bearer, args)
      if (fault?.type === 'cut') return cut()
      const headers = workspace.scopes.length > 0 ? { 'x-oauth-scopes': workspace.scopes.join(',') } : {}
      return noted(call, { status: 200, headers, body: { ok: true, ...body } })
    } catch (error) {
      return noted(call, this.#refused(name, error))
    }
  }

  #run(method: Method, workspace: Workspace, bearer: string, args: Json): Json {
    const to: MethodContext = {
      state: this.#state,
      sockets: this.sockets,
      blockKit: this.blockKit,
      consents: this.consents,
      workspace,
      bearer,
      emit: this.emitter(workspace),
    }
    if (method.scopes) needScope(to, method.scopes)
    for (const name of method.required ?? [])
      if (args[name] === undefined || args[name] === '')
        refuse('invalid_arguments', [`missing required field: ${name} [json-pointer:/${name}]`])
    return method.run(to, args)
  }

  #authorise(method: Method, bearer: string): Workspace {
    if (method.token === 'none' || method.token === 'user') return nowhere
    if (!bearer) refuse('not_authed')
    if (method.token === 'app') {
      if (bearer === this.#state.appToken) return nowhere
      refuse(bearer.startsWith('xapp-') ? 'invalid_auth' : 'not_allowed_token_type')
    }
    const workspace = [...this.#state.workspaces.values()].find((each) => each.token === bearer)
    if (!workspace) refuse(bearer === this.#state.appToken ? 'not_allowed_token_type' : 'invalid_auth')
    if (workspace.revoked) refuse(workspace.revoked)
    return workspace
  }

  #respond(key: string, raw: string): Reply {
    const call: Call = { method: 'response_url', body: {}, at: Date.now(), status: 200 }
    this.#state.calls.push(call)
    try {
      call.body = JSON.parse(raw) as Json
      const fault = faultOf(this.#state, 'response_url', undefined)
      if (fault?.type === 'status') return noted(call, { status: fault.status, body: 'upstream error' })
      if (fault?.type === 'ratelimit') return noted(call, limited(fault.seconds))
      const { url, workspace } = useResponseUrl(this.#state, key)
      call.workspace = workspace.id
      const emit = this.emitter(workspace)
      respond({ state: this.#state, blockKit: this.blockKit, workspace, emit }, url, call.body)
      return noted(call, { status: 200, body: { ok: true } })
    } catch (error) {
      const reply = this.#refused('response_url', error)
      return noted(call, { ...reply, status: reply.status === 200 ? 404 : reply.status })
    }
  }

  #ask(url: URL): Reply {
    try {
      const asked = this.consents.ask(url)
      return { status: 200, body: `<!doctype html><title>${asked.kind}</title><p>${asked.scopes.join(' ')}</p>` }
    } catch (error) {
      const reply = this.#refused(url.pathname, error)
      return { ...reply, status: reply.status === 200 ? 400 : reply.status }
    }
  }

  #refused(where: string, error: unknown): Reply {
    const refusal = error instanceof Refusal ? error : undefined
    violate(this.#state, where, refusal ?? `the emulator failed: ${String((error as Error).stack)}`)
    return refusal ? { status: 200, body: refusal.body() } : { status: 500, body: 'fatal_error' }
  }
}

/** For methods that belong to the app or to a person and not to a workspace. */
const nowhere: Workspace = { id: '', name: '', domain: '', token: '', botUser: '', botId: '', scopes: [] }

function noted(call: Call, reply: Reply): Reply {
  call.status = reply.status
  const error = typeof reply.body === 'object' ? reply.body['error'] : reply.body
  if (typeof error === 'string') call.error = error
  return reply
}

function limited(seconds: number): Reply {
  return { status: 429, headers: { 'retry-after': String(seconds) }, body: { ok: false, error: 'ratelimited' } }
}

async function readBody(request: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}

/** Arguments come as JSON, as a form, or in the query; in the latter two structures are JSON in a string. */
function readArguments(request: http.IncomingMessage, url: URL, raw: string): Json {
  if (raw.length > mostBytes) refuse('request_too_large')
  const type = request.headers['content-type'] ?? ''
  if (type.startsWith('application/json')) return { ...Object.fromEntries(url.searchParams), ...parse(raw) }
  const isForm = raw === '' || type.startsWith('application/x-www-form-urlencoded')
  if (!isForm) refuse('invalid_post_type')
  const args: Json = Object.fromEntries([...url.searchParams, ...new URLSearchParams(raw)])
  for (const name of jsonArguments) if (typeof args[name] === 'string') args[name] = parse(args[name])
  return args
}

function parse(raw: string): Json {
  try {
    return JSON.parse(raw) as Json
  } catch {
    refuse('invalid_json')
  }
}
