import { randomBytes } from 'node:crypto'
import type { Manifest } from './manifest.ts'
import type { Refusal } from './refusal.ts'

export type Json = Record<string, unknown>
export type Block = Json & { type: string; block_id?: string }
export type Tier = 'Tier1' | 'Tier2' | 'Tier3' | 'Tier4'

export type Workspace = {
  id: string
  name: string
  domain: string
  /** The bot token, once the app is installed. */
  token: string
  botUser: string
  botId: string
  scopes: string[]
  /** Why the token is refused now. */
  revoked?: 'token_revoked' | 'account_inactive'
}

export type Person = {
  id: string
  team: string
  name: string
  realName: string
  admin: boolean
  owner: boolean
  bot: boolean
  deleted: boolean
  tz: string
  locale: string
}

export type Conversation = {
  id: string
  team: string
  name: string
  kind: 'channel' | 'group' | 'im'
  members: Set<string>
  archived: boolean
  /** Only admins may post here. */
  restricted: boolean
  created: number
}

export type Message = {
  channel: string
  ts: string
  user: string
  text: string
  blocks?: Block[]
  attachments?: Json[]
  metadata?: Json
  thread_ts?: string
  edited?: { user: string; ts: string }
  /** The only person who sees it. */
  ephemeralTo?: string
  /** What the sender said about previews and names. */
  unfurl: { links?: boolean; media?: boolean }
  linkNames: boolean
  byBot: boolean
}

export type OpenView = {
  id: string
  team: string
  user: string
  root: string
  previous?: string
  hash: string
  spec: Json & { type: string; blocks: Block[] }
  errors: Record<string, string>
  /** What the person typed or chose, by block and action. */
  values: Record<string, Record<string, Json>>
}

export type Trigger = { at: number; team: string; user: string; used: boolean; view?: string }

export type ResponseUrl = {
  at: number
  uses: number
  team: string
  channel: string
  user: string
  message?: { channel: string; ts: string }
}

export type Call = {
  method: string
  body: Json
  /** Milliseconds since the epoch, when it came. */
  at: number
  status: number
  workspace?: string
  error?: string
}

/** How the app answered something that Slack sent. */
export type Answer = {
  /** `none`: nobody was connected, or no answer came within the three seconds. */
  kind: 'ack' | 'none' | 'refused'
  /** Milliseconds from the last sending to the answer. */
  ms: number
  attempts: number
  status?: number
  /** What came with the acknowledgement. */
  body?: unknown
}

export type Limits = {
  postsPerSecond: number
  postBurst: number
  /** `chat.postMessage` a minute in one workspace, over all channels. */
  workspacePerMinute: number
  /** Calls a minute, per method and workspace. */
  tiers: Record<Tier, number>
  text: number
  blockText: number
  sockets: number
  responseUrlUses: number
  responseUrlMs: number
  triggerMs: number
  ackMs: number
  /** When an event that was not acknowledged comes again. */
  retryAfterMs: number[]
}

export type Fault =
  /** The next calls are refused with 429 and this wait. */
  | { type: 'ratelimit'; seconds: number; method?: string; channel?: string; times?: number }
  /** The next calls are answered with this status and no JSON. */
  | { type: 'status'; status: number; method?: string; channel?: string; times?: number }
  /** The next calls are refused with this error. */
  | { type: 'error'; error: string; method?: string; channel?: string; times?: number }
  /** The connection breaks before, or after, the call is done. */
  | { type: 'cut'; when: 'before' | 'after'; method?: string; channel?: string; times?: number }
  /** The answer comes late. */
  | { type: 'slow'; ms: number; method?: string; channel?: string; times?: number }
  /** All Socket Mode connections break without a word. */
  | { type: 'drop' }
  /** The next deliveries come twice. */
  | { type: 'duplicate'; times?: number }
  /** The next acknowledgements are lost on their way. */
  | { type: 'deaf'; times?: number }

/** Everything that Slack knows, and what the app did. */
export type State = {
  origin: string
  appId: string
  clientId: string
  clientSecret: string
  signingSecret: string
  appToken: string
  requestUrl: string
  manifest: Manifest
  limits: Limits
  workspaces: Map<string, Workspace>
  people: Map<string, Person>
  conversations: Map<string, Conversation>
  messages: Message[]
  modals: Map<string, OpenView[]>
  homes: Map<string, OpenView>
  triggers: Map<string, Trigger>
  responseUrls: Map<string, ResponseUrl>
  /** Texts that a stranger wrote; markup in them is reported by `active`. */
  strangers: Set<string>
  calls: Call[]
  violations: string[]
  faults: (Fault & { times: number })[]
  timers: Set<NodeJS.Timeout>
  seq: number
  lastTs: number
}

/** A Slack id: the letter of its kind and nine signs, rising. */
export function newId(state: State, letter: string): string {
  state.seq += 1
  return `${letter}0${state.seq.toString(36).toUpperCase().padStart(8, '0')}`
}

export function secret(bytes = 12): string {
  return randomBytes(bytes).toString('hex')
}

/** A message's time stamp, which is also its name in a channel: never the same twice. */
export function newTs(state: State): string {
  state.lastTs = Math.max(state.lastTs + 1, Date.now() * 1000)
  return `${Math.floor(state.lastTs / 1e6)}.${String(state.lastTs % 1e6).padStart(6, '0')}`
}

/** A value of somebody's JSON as a word; nothing, where it is no word. */
export function word(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}

export function later(state: State, ms: number, run: () => void): NodeJS.Timeout {
  const timer = setTimeout(() => {
    state.timers.delete(timer)
    run()
  }, ms)
  state.timers.add(timer)
  return timer
}

export function workspaceOf(state: State, team: string): Workspace {
  return known(state.workspaces.get(team), `workspace ${team}`)
}

export function personOf(state: State, user: string): Person {
  return known(state.people.get(user), `person ${user}`)
}

export function conversationOf(state: State, channel: string): Conversation {
  return known(state.conversations.get(channel), `channel ${channel}`)
}

export function findMessage(state: State, channel: string, ts: string): Message | undefined {
  return state.messages.find((message) => message.channel === channel && message.ts === ts)
}

export function violate(state: State, where: string, refusal: Refusal | string): void {
  state.violations.push(typeof refusal === 'string' ? `${where}: ${refusal}` : `${where}: ${refusal.message}`)
}

function known<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`the test knows no ${what}`)
  return value
}
