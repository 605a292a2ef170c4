import type http from 'node:http'
import { WebSocketServer, type RawData, type WebSocket } from 'ws'
import type { Envelope } from './envelope.ts'
import { takeFault } from './faults.ts'
import { later, secret, violate, type State } from './state.ts'

type Sent = { kind: 'ack' | 'none'; body?: unknown; reason: string }
type Waiting = { resolve: (sent: Sent) => void; takesPayload: boolean; name: string }

const pingEveryMs = 5_000
const ticketMs = 30_000

/** Socket Mode: https://docs.slack.dev/apis/events-api/using-socket-mode */
export class Sockets {
  readonly open = new Set<WebSocket>()
  #server: WebSocketServer
  #tickets = new Map<string, number>()
  #waiting = new Map<string, Waiting>()
  /** Answered envelopes, to know an answer that came twice or too late from one that is made up. */
  #past = new Set<string>()
  #next = 0
  #state: State

  constructor(state: State, server: http.Server) {
    this.#state = state
    this.#server = new WebSocketServer({ server, path: '/link/' })
    this.#server.on('connection', (socket, request) => this.#welcome(socket, request))
    const pulse = setInterval(() => this.open.forEach((socket) => socket.ping()), pingEveryMs)
    this.#server.on('close', () => clearInterval(pulse))
  }

  /** The address of one new connection: it works once and not for long. */
  invite(): string {
    const ticket = secret()
    this.#tickets.set(ticket, Date.now() + ticketMs)
    return `${this.#state.origin.replace('http', 'ws')}/link/?ticket=${ticket}&app_id=${this.#state.appId}`
  }

  /** One envelope over one of the connections in turn. */
  async send(envelope: Envelope, id: string, retryNum: number, retryReason: string): Promise<Sent> {
    const open = [...this.open]
    const socket = open[this.#next++ % Math.max(1, open.length)]
    if (!socket) return { kind: 'none', reason: 'no_connection' }
    const takesPayload = envelope.type !== 'events_api'
    return new Promise<Sent>((resolve) => {
      const finish = (sent: Sent): void => {
        if (!this.#waiting.delete(id)) return
        this.#past.add(id)
        socket.off('close', broken)
        clearTimeout(timer)
        this.#state.timers.delete(timer)
        resolve(sent)
      }
      const broken = (): void => finish({ kind: 'none', reason: 'connection_lost' })
      const timer = later(this.#state, this.#state.limits.ackMs, () => finish({ kind: 'none', reason: 'timeout' }))
      socket.on('close', broken)
      this.#waiting.set(id, { resolve: finish, takesPayload, name: envelope.name })
      const retries = takesPayload ? {} : { retry_attempt: retryNum, retry_reason: retryReason }
      const { type, payload } = envelope
      socket.send(
        JSON.stringify({ envelope_id: id, type, payload, accepts_response_payload: takesPayload, ...retries }),
      )
    })
  }

  /** Slack asks every connection to be renewed, and closes the old one a little later. */
  refresh(reason: 'warning' | 'refresh_requested' | 'link_disabled' = 'refresh_requested'): void {
    for (const socket of this.open) this.#disconnect(socket, reason)
  }

  drop(): void {
    for (const socket of this.open) socket.terminate()
  }

  async close(): Promise<void> {
    for (const socket of this.#server.clients) socket.terminate()
    for (const waiting of this.#waiting.values()) waiting.resolve({ kind: 'none', reason: 'stopped' })
    await new Promise<void>((resolve) => this.#server.close(() => resolve()))
  }

  #welcome(socket: WebSocket, request: http.IncomingMessage): void {
    const ticket = new URL(request.url ?? '', 'http://slack').searchParams.get('ticket') ?? ''
    const expires = this.#tickets.get(ticket)
    this.#tickets.delete(ticket)
    if (expires === undefined || expires < Date.now()) {
      violate(this.#state, 'socket', 'a connection without a fresh ticket')
      socket.close(4001, 'invalid ticket')
      return
    }
    // One for each delivery that waits for its acknowledgement.
    socket.setMaxListeners(0)
    socket.on('message', (data) => this.#hear(data))
    socket.on('error', () => socket.terminate())
    if (this.open.size >= this.#state.limits.sockets) {
      violate(this.#state, 'socket', `more than ${this.#state.limits.sockets} connections`)
      this.#disconnect(socket, 'too_many_websockets')
      return
    }
    this.open.add(socket)
    socket.on('close', () => this.open.delete(socket))
    const about = { host: 'applink-loopback', started: new Date().toISOString(), build_number: 1 }
    const hello = {
      type: 'hello',
      num_connections: this.open.size,
      debug_info: { ...about, approximate_connection_time: 18_060 },
      connection_info: { app_id: this.#state.appId },
    }
    socket.send(JSON.stringify(hello))
  }

  #disconnect(socket: WebSocket, reason: string): void {
    this.open.delete(socket)
    socket.send(JSON.stringify({ type: 'disconnect', reason, debug_info: { host: 'applink-loopback' } }))
    later(this.#state, 500, () => socket.close(1000))
  }

  #hear(data: RawData): void {
    const said = parse(data)
    const id = said?.['envelope_id']
    if (typeof id !== 'string') return violate(this.#state, 'socket', 'a message without envelope_id')
    const waiting = this.#waiting.get(id)
    if (!waiting) {
      if (!this.#past.has(id)) violate(this.#state, 'socket', `an acknowledgement of the unknown envelope ${id}`)
      return
    }
    if (takeFault(this.#state, 'deaf')) return waiting.resolve({ kind: 'none', reason: 'lost' })
    const payload = said?.['payload']
    if (payload !== undefined && !waiting.takesPayload && !isEmpty(payload))
      violate(this.#state, waiting.name, 'an event takes no payload with its acknowledgement')
    waiting.resolve({ kind: 'ack', reason: '', ...(payload === undefined ? {} : { body: payload }) })
  }
}

function parse(data: RawData): Record<string, unknown> | undefined {
  try {
    return JSON.parse((data as Buffer).toString('utf8')) as Record<string, unknown>
  } catch {
    return undefined
  }
}

function isEmpty(payload: unknown): boolean {
  return payload === null || payload === '' || (typeof payload === 'object' && Object.keys(payload).length === 0)
}
