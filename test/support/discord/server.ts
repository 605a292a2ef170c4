import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Call } from './call.ts'
import type { Commands } from './commands.ts'
import type { Gateway } from './gateway.ts'
import type { Interactions } from './interactions.ts'
import type { OAuth } from './oauth.ts'
import { channelJson, guildJson, memberJson, messageJson, roleJson, userJson } from './payloads.ts'
import type { Posts } from './posts.ts'
import type { Rates } from './rates.ts'
import { Refusal, refuse } from './refusal.ts'
import type { Spec } from './spec.ts'
import type { Json } from './json.ts'
import { isThread, type Channel, type State } from './state.ts'

export type Fault = { method?: string; route?: RegExp; times?: number } & (
  | { type: 'status'; status: number }
  /** The connection breaks before, or after, the request is done. */
  | { type: 'cut'; when: 'before' | 'after' }
  | { type: 'ratelimit'; ms: number }
)

export type Parts = {
  state: State
  gateway: Gateway
  posts: Posts
  interactions: Interactions
  commands: Commands
  rates: Rates
  oauth: OAuth
  spec: Spec
  token: string
  calls: Call[]
  violations: string[]
  faults: (Fault & { times: number })[]
}

type Asked = { parts: Parts; body: Json; files: Json[]; ids: string[]; query: URLSearchParams; reason: string }
type Route = { method: string; pattern: RegExp; template: string; auth: 'bot' | 'none'; run(asked: Asked): unknown }

const limitedExempt = /^\/(?:interactions|webhooks)\//

/** Discord's REST, as far as a governance bot uses it. */
export function createRest(parts: Parts): Server {
  const server = createServer((request, response) => {
    void answer(parts, request, response).catch((error: unknown) => {
      parts.violations.push(
        `the emulator failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
      )
      response.writeHead(500).end()
    })
  })
  parts.gateway.attach(server)
  return server
}

export const portOf = (server: Server): number => (server.address() as AddressInfo).port

async function answer(parts: Parts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://discord')
  const method = request.method ?? 'GET'
  if (parts.oauth.serve(method, url, request, response)) return
  const path = decodeURIComponent(url.pathname).replace(/^\/api\/v10/, '')
  const route = routes.find((one) => one.method === method && one.pattern.test(path))
  const name = `${method} ${path.replaceAll(/\d{15,}/g, ':id').replaceAll(/(webhooks\/:id|interactions\/:id)\/[\w-]+/g, '$1/:token')}`
  const { body, files } = await read(request)
  const call: Call = { method, route: route?.template ?? path, path, body, at: Date.now(), status: 0 }
  parts.calls.push(call)
  const say = (status: number, json?: unknown, headers: Record<string, string> = {}): void => {
    Object.assign(call, { status, answer: json })
    parts.rates.answered(status)
    // 204 carries nothing, not even a type.
    if (json === undefined) response.writeHead(204, headers).end()
    else response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(json))
  }
  const violate = (what: string): void => void parts.violations.push(`${name}: ${what}`)

  const fault = takeFault(parts, method, path)
  if (fault?.type === 'status') return say(fault.status, { message: 'Discord is unwell', code: 0 })
  if (fault?.type === 'cut' && fault.when === 'before') return void request.socket.destroy()
  const asked = {
    route: `${method} ${route?.template ?? path}`,
    place: /^\/(?:(?:channels|guilds)\/\d+|webhooks\/\d+\/[\w-]+)/.exec(path)?.[0] ?? '',
    isExempt: limitedExempt.test(path),
  }
  const verdict = fault?.type === 'ratelimit' ? parts.rates.hold(asked, fault.ms) : parts.rates.take(asked)
  if (verdict.refused) {
    if (fault?.type !== 'ratelimit' && verdict.refused.early) violate('a request during the wait that a 429 asked for')
    return say(verdict.refused.status, verdict.refused.body, verdict.headers)
  }
  try {
    if (!route) throw new Refusal(404, 0, '404: Not Found')
    const authorization = request.headers.authorization
    const bearer = /^Bearer (.+)$/.exec(authorization ?? '')?.[1]
    const who = bearer === undefined ? undefined : parts.oauth.userOf(bearer)
    const isMe = path === '/users/@me' && who !== undefined
    if (route.auth === 'bot' && !isMe && authorization !== `Bot ${parts.token}`)
      throw new Refusal(401, 0, '401: Unauthorized')
    parts.spec.check(method, path, body)
    if (isMe) return say(200, userJson(parts.state.user(who)), verdict.headers)
    const ids = route.pattern.exec(path)?.slice(1) ?? []
    const reason = decodeURIComponent(String(request.headers['x-audit-log-reason'] ?? ''))
    const result = route.run({ parts, body, files, ids, query: url.searchParams, reason })
    if (fault?.type === 'cut') return void request.socket.destroy()
    say(statusOf(route, result), result, verdict.headers)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    violate(`${error.status} ${error.code} ${error.message}${error.errors ? ` ${JSON.stringify(error.errors)}` : ''}`)
    say(error.status, error.body(), verdict.headers)
  }
}

const statusOf = ({ method, template }: Route, result: unknown): number => {
  if (result === undefined) return 204
  return method === 'POST' && template.endsWith('/threads') ? 201 : 200
}

function takeFault({ faults }: Parts, method: string, path: string): Fault | undefined {
  const fault = faults.find(
    (one) =>
      one.times > 0 &&
      (one.method === undefined || one.method === method) &&
      (one.route === undefined || one.route.test(path)),
  )
  if (fault) fault.times -= 1
  return fault
}

async function read(request: IncomingMessage): Promise<{ body: Json; files: Json[] }> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const raw = Buffer.concat(chunks)
  const type = request.headers['content-type'] ?? ''
  if (raw.length === 0) return { body: {}, files: [] }
  if (type.startsWith('multipart/')) {
    const form = await new Response(raw, { headers: { 'content-type': type } }).formData()
    const files = [...form].flatMap(([, value]) =>
      typeof value === 'string' ? [] : [{ id: '0', filename: value.name, size: value.size, url: '', proxy_url: '' }],
    )
    const json = form.get('payload_json')
    return { body: JSON.parse(typeof json === 'string' ? json : '{}') as Json, files }
  }
  const parsed: unknown = JSON.parse(raw.toString('utf8'))
  return { body: Array.isArray(parsed) ? { list: parsed } : (parsed as Json), files: [] }
}

const routes: Route[] = [
  route('GET', '/gateway/bot', ({ parts }) => parts.gateway.info()),
  route('GET', '/users/@me', ({ parts }) => userJson(parts.state.bot)),
  route('GET', '/applications/@me', ({ parts }) => application(parts.state)),
  route('GET', '/oauth2/applications/@me', ({ parts }) => application(parts.state)),
  route('PUT', '/applications/:id/commands', ({ parts, body }) =>
    parts.commands.put('', (body['list'] ?? []) as Json[]),
  ),
  route('GET', '/applications/:id/commands', ({ parts }) => parts.commands.in('')),
  route('GET', '/channels/:id', ({ parts, ids: [id] }) => channelJson(parts.state, visible(parts.state, id!))),
  route('PATCH', '/channels/:id', ({ parts, ids: [id], body }) => {
    const channel = visible(parts.state, id!)
    if (!isThread(channel) || channel.owner !== parts.state.bot.id) throw refuse(50013)
    if (channel.locked) parts.state.need(channel, 'MANAGE_THREADS')
    if (channel.archived && body['archived'] !== false) throw refuse(50083)
    if (body['archived'] !== undefined) channel.archived = body['archived'] as boolean
    if (body['applied_tags'] !== undefined) channel.applied = body['applied_tags'] as string[]
    return channelJson(parts.state, channel)
  }),
  route('GET', '/guilds/:id', ({ parts, ids: [id] }) => guildJson(parts.state, parts.state.guild(id!))),
  route('GET', '/guilds/:id/threads/active', ({ parts, ids: [id] }) => ({
    threads: [...parts.state.channels.values()]
      .filter((channel) => channel.guild === id && isThread(channel) && !channel.archived)
      .map((channel) => channelJson(parts.state, channel)),
    members: [],
  })),
  route('GET', '/guilds/:id/roles', ({ parts, ids: [id] }) => {
    const guild = member(parts.state, id!)
    return [...guild.roles.values()].map((role) => roleJson(guild, role))
  }),
  route('GET', '/guilds/:id/members/:id', ({ parts, ids: [id, user] }) => {
    const found = member(parts.state, id!).members.get(user!)
    if (!found) throw refuse(10007)
    return memberJson(found)
  }),
  route('PUT', '/guilds/:id/members/:id/roles/:id', (asked) => changeRole(asked, true)),
  route('DELETE', '/guilds/:id/members/:id/roles/:id', (asked) => changeRole(asked, false)),
  route('GET', '/channels/:id/messages', ({ parts, ids: [id], query }) => {
    const channel = visible(parts.state, id!)
    parts.state.need(channel, 'READ_MESSAGE_HISTORY')
    const limit = Number(query.get('limit') ?? 50)
    if (!(limit >= 1 && limit <= 100)) throw new Refusal(400, 50035, 'Invalid Form Body')
    const shown = [...channel.messages.values()].filter(({ ephemeralTo }) => ephemeralTo === undefined)
    return shown.reverse().slice(0, limit).map(messageJson)
  }),
  route('GET', '/channels/:id/messages/:id', ({ parts, ids: [id, message] }) =>
    messageJson(parts.state.message(visible(parts.state, id!).id, message!)),
  ),
  route('POST', '/channels/:id/messages', ({ parts, ids: [id], body, files }) =>
    messageJson(parts.posts.post(visible(parts.state, id!), body, files)),
  ),
  route('PATCH', '/channels/:id/messages/:id', ({ parts, ids: [id, message], body, files }) => {
    const found = parts.state.message(visible(parts.state, id!).id, message!)
    if (found.author.id !== parts.state.bot.id) throw refuse(50005)
    if (parts.state.channel(id!).archived) throw refuse(50083)
    return messageJson(parts.posts.edit(found, body, files))
  }),
  route('DELETE', '/channels/:id/messages/:id', ({ parts, ids: [id, message] }) => {
    const channel = visible(parts.state, id!)
    const found = parts.state.message(channel.id, message!)
    if (found.author.id !== parts.state.bot.id) parts.state.need(channel, 'MANAGE_MESSAGES')
    parts.posts.remove(channel, found)
  }),
  route('POST', '/channels/:id/threads', ({ parts, ids: [id], body }) =>
    parts.posts.thread(visible(parts.state, id!), body),
  ),
  route('POST', '/channels/:id/messages/:id/threads', ({ parts, ids: [id, message], body }) => {
    const channel = visible(parts.state, id!)
    return parts.posts.thread(channel, body, parts.state.message(channel.id, message!))
  }),
  route('POST', '/users/@me/channels', ({ parts, body }) =>
    channelJson(parts.state, direct(parts.state, body['recipient_id'] as string)),
  ),
  route(
    'POST',
    '/interactions/:id/:token/callback',
    ({ parts, ids: [id, token], body }) => {
      parts.interactions.callback(id!, token!, body)
    },
    'none',
  ),
  route(
    'POST',
    '/webhooks/:id/:token',
    ({ parts, ids: [, token], body, files }) => messageJson(parts.interactions.followUp(token!, body, files)),
    'none',
  ),
  route(
    'GET',
    '/webhooks/:id/:token/messages/:message',
    ({ parts, ids: [, token, message] }) => messageJson(parts.interactions.message(token!, message!)),
    'none',
  ),
  route(
    'PATCH',
    '/webhooks/:id/:token/messages/:message',
    ({ parts, ids: [, token, message], body, files }) =>
      messageJson(parts.interactions.edit(token!, message!, body, files)),
    'none',
  ),
  route(
    'DELETE',
    '/webhooks/:id/:token/messages/:message',
    ({ parts, ids: [, token, message] }) => {
      parts.interactions.remove(token!, message!)
    },
    'none',
  ),
]

function route(method: string, template: string, run: Route['run'], auth: Route['auth'] = 'bot'): Route {
  const pattern = template
    .replaceAll(':id', String.raw`(\d{15,21})`)
    .replaceAll(':token', String.raw`([\w-]+)`)
    .replaceAll(':message', String.raw`(@original|\d{15,21})`)
  return { method, pattern: new RegExp(`^${pattern}$`), template, auth, run }
}

const application = (state: State): Json => ({
  id: state.application,
  name: 'AutoCo',
  icon: null,
  description: '',
  bot_public: true,
  bot_require_code_grant: false,
  verify_key: '0'.repeat(64),
  flags: 0,
})

function visible(state: State, id: string): Channel {
  const channel = state.channel(id)
  state.need(channel)
  return channel
}

function member(state: State, id: string) {
  const guild = state.guilds.get(id)
  if (!guild?.members.has(state.bot.id)) throw refuse(guild ? 50001 : 10004)
  return guild
}

function changeRole({ parts, ids: [id, user, role] }: Asked, has: boolean): void {
  const guild = member(parts.state, id!)
  const found = guild.members.get(user!)
  if (!found) throw refuse(10007)
  const wanted = guild.roles.get(role!)
  if (!wanted) throw refuse(10011)
  const mine = guild.members.get(parts.state.bot.id)?.roles ?? []
  const top = Math.max(0, ...mine.map((one) => guild.roles.get(one)?.position ?? 0))
  if (!(parts.state.allowed(guild, parts.state.bot.id) & (1n << 28n)) || wanted.position >= top) throw refuse(50013)
  found.roles = has ? [...new Set([...found.roles, wanted.id])] : found.roles.filter((one) => one !== wanted.id)
}

/** The private conversation of the bot and somebody; there is one at most. */
export function direct(state: State, user: string): Channel {
  state.user(user)
  const known = [...state.channels.values()].find(({ type, recipient }) => type === 1 && recipient === user)
  if (known) return known
  const channel: Channel = {
    id: state.id(),
    type: 1,
    name: '',
    overwrites: [],
    recipient: user,
    tags: [],
    applied: [],
    archived: false,
    locked: false,
    messages: new Map(),
  }
  state.channels.set(channel.id, channel)
  return channel
}
