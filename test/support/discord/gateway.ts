import { randomBytes } from 'node:crypto'
import type { IncomingMessage, Server } from 'node:http'
import { WebSocketServer } from 'ws'
import type { WebSocket } from 'ws'
import { guildJson, userJson } from './payloads.ts'
import type { Json } from './json.ts'
import type { State } from './state.ts'

export const intents = {
  GUILDS: 1 << 0,
  GUILD_MEMBERS: 1 << 1,
  GUILD_PRESENCES: 1 << 8,
  GUILD_MESSAGES: 1 << 9,
  DIRECT_MESSAGES: 1 << 12,
  MESSAGE_CONTENT: 1 << 15,
} as const

const privileged = intents.GUILD_MEMBERS | intents.GUILD_PRESENCES | intents.MESSAGE_CONTENT
const known = (1 << 26) - 1

export type GatewayRules = {
  token: string
  /** Privileged intents that the developer portal granted. */
  granted: number
  identifies: number
  concurrency: number
  shards: number
  heartbeat: number
}

export type Session = {
  id: string
  intents: number
  shard: [number, number]
  seq: number
  sent: Json[]
  socket: WebSocket | undefined
}

/** The gateway: sessions, their replay, and why Discord would hang up. */
export class Gateway {
  readonly sessions = new Map<string, Session>()
  readonly rules: GatewayRules
  readonly #state: State
  readonly #url: () => string
  readonly #violate: (what: string) => void
  readonly #server = new WebSocketServer({ noServer: true })
  readonly #starts = new Map<number, number[]>()
  identified = 0

  constructor(state: State, rules: GatewayRules, url: () => string, violate: (what: string) => void) {
    this.#state = state
    this.rules = rules
    this.#url = url
    this.#violate = violate
  }

  attach(http: Server): void {
    http.on('upgrade', (request: IncomingMessage, socket, head) => {
      this.#server.handleUpgrade(request, socket, head, (ws) => this.#open(ws))
    })
  }

  info(): Json {
    const { identifies, concurrency, shards } = this.rules
    return {
      url: this.#url(),
      shards,
      session_start_limit: {
        total: identifies,
        remaining: Math.max(0, identifies - this.identified),
        reset_after: 86_400_000,
        max_concurrency: concurrency,
      },
    }
  }

  /** Sends an event to whoever asked for such events and holds the guild's shard; `see` may blank what an intent hides. */
  dispatch(t: string, d: Json, { guild, intent, see }: Where = {}): void {
    for (const session of this.sessions.values()) {
      if (intent && !(session.intents & intent)) continue
      if (!holds(session, guild)) continue
      this.#event(session, t, see ? see(session.intents) : d)
    }
  }

  reconnect(): void {
    for (const { socket } of this.sessions.values()) socket?.send(JSON.stringify({ op: 7, d: null }))
  }

  /** The next resume is refused, and the client must identify anew. */
  invalidate(): void {
    const open = [...this.sessions.values()]
    this.sessions.clear()
    for (const { socket } of open) socket?.send(JSON.stringify({ op: 9, d: false }))
  }

  drop(): void {
    for (const { socket } of this.sessions.values()) socket?.terminate()
  }

  stop(): void {
    for (const socket of this.#server.clients) socket.terminate()
    this.#server.close()
  }

  #event(session: Session, t: string, d: Json): void {
    const packet = { op: 0, t, s: ++session.seq, d }
    session.sent.push(packet)
    session.socket?.send(JSON.stringify(packet))
  }

  #open(ws: WebSocket): void {
    let session: Session | undefined
    let sends: number[] = []
    const close = (code: number, why: string): void => {
      this.#violate(`gateway ${code}: ${why}`)
      ws.close(code, why)
    }
    ws.send(JSON.stringify({ op: 10, d: { heartbeat_interval: this.rules.heartbeat } }))
    ws.on('error', () => {})
    ws.on('close', (code: number) => {
      if (!session || session.socket !== ws) return
      session.socket = undefined
      if (code === 1000 || code === 1001) this.sessions.delete(session.id)
    })
    ws.on('message', (raw: Buffer) => {
      const now = Date.now()
      sends = [...sends.filter((at) => now - at < 60_000), now]
      if (sends.length > 120) return close(4008, 'Rate limited.')
      if (raw.length > 4096) return close(4002, 'Payload too large.')
      const packet = parse(raw.toString())
      if (!packet) return close(4002, 'Decode error.')
      const { op, d } = packet
      if (op === 1) return ws.send(JSON.stringify({ op: 11 }))
      if (op === 2) {
        if (session) return close(4005, 'Already authenticated.')
        const fault = this.#fault(d)
        if (fault) return close(...fault)
        session = this.#identify(ws, d)
        return
      }
      if (op === 6) {
        if (d?.token !== this.rules.token) return close(4004, 'Authentication failed.')
        const before = this.sessions.get(d.session_id)
        if (!before) return ws.send(JSON.stringify({ op: 9, d: false }))
        session = before
        before.socket = ws
        for (const one of before.sent) if (one.s > d.seq) ws.send(JSON.stringify(one))
        this.#event(before, 'RESUMED', { _trace: [] })
        return
      }
      if (!session) return close(4003, 'Not authenticated.')
      if (op === 8) return this.#members(session, d)
      if (op !== 3 && op !== 4) close(4001, 'Unknown opcode.')
    })
  }

  #fault(d: Json): [number, string] | undefined {
    if (d?.token !== this.rules.token) return [4004, 'Authentication failed.']
    const shard: number[] = d.shard ?? [0, 1]
    const [index = -1, count = 0] = shard
    if (shard.length !== 2 || index < 0 || index >= count) return [4010, 'Invalid shard.']
    if (count < this.rules.shards) return [4011, 'Sharding required.']
    if (!Number.isInteger(d.intents) || d.intents < 0 || d.intents > known) return [4013, 'Invalid intent(s).']
    if (d.intents & privileged & ~this.rules.granted) return [4014, 'Disallowed intent(s).']
    if (this.identified >= this.rules.identifies) return [4004, 'Too many identifies today; the token was reset.']
    return undefined
  }

  #identify(ws: WebSocket, d: Json): Session | undefined {
    const shard: [number, number] = d.shard ?? [0, 1]
    const key = shard[0] % this.rules.concurrency
    const now = Date.now()
    const recent = (this.#starts.get(key) ?? []).filter((at) => now - at < 4900)
    this.identified += 1
    if (recent.length > 0) {
      this.#violate('gateway: more IDENTIFY in 5 s than max_concurrency allows')
      ws.send(JSON.stringify({ op: 9, d: false }))
      return undefined
    }
    this.#starts.set(key, [...recent, now])
    const session: Session = {
      id: randomBytes(16).toString('hex'),
      intents: d.intents,
      shard,
      seq: 0,
      sent: [],
      socket: ws,
    }
    this.sessions.set(session.id, session)
    const guilds = [...this.#state.guilds.values()].filter(
      (guild) => guild.members.has(this.#state.bot.id) && holds(session, guild.id),
    )
    this.#event(session, 'READY', {
      v: 10,
      user: { ...userJson(this.#state.bot), verified: true, mfa_enabled: true, email: null },
      guilds: guilds.map(({ id }) => ({ id, unavailable: true })),
      session_id: session.id,
      resume_gateway_url: this.#url(),
      shard,
      application: { id: this.#state.application, flags: 0 },
    })
    if (session.intents & intents.GUILDS)
      for (const guild of guilds) this.#event(session, 'GUILD_CREATE', guildJson(this.#state, guild))
    return session
  }

  #members(session: Session, d: Json): void {
    const guild = this.#state.guilds.get(d.guild_id)
    if (!guild) return
    const asked: string[] | undefined = d.user_ids === undefined ? undefined : [d.user_ids].flat()
    const found = [...guild.members.values()].filter((one) => !asked || asked.includes(one.user.id))
    this.#event(session, 'GUILD_MEMBERS_CHUNK', {
      guild_id: guild.id,
      members: found.map((one) => ({ ...one, user: userJson(one.user) })),
      chunk_index: 0,
      chunk_count: 1,
      not_found: asked?.filter((id) => !guild.members.has(id)) ?? [],
      ...(d.nonce && { nonce: d.nonce }),
    })
  }
}

type Where = { guild?: string | undefined; intent?: number; see?: (intents: number) => Json }

function holds(session: Session, guild: string | undefined): boolean {
  const [index, count] = session.shard
  return guild ? Number((BigInt(guild) >> 22n) % BigInt(count)) === index : index === 0
}

function parse(raw: string): Json | undefined {
  try {
    const packet = JSON.parse(raw)
    return packet && typeof packet.op === 'number' ? packet : undefined
  } catch {
    return undefined
  }
}
