import { Refusal, refuse } from '../refusal.ts'
import type { BlockKit } from '../block-kit.ts'
import { word, type Conversation, type Json, type State, type Workspace } from '../state.ts'
import type { Consents } from '../consent.ts'
import type { Sockets } from '../sockets.ts'

export type Method = {
  /** One of them is needed. */
  scopes?: string[]
  required?: string[]
  /** Which token: the bot's is the rule. */
  token?: 'app' | 'none' | 'user'
  run: (to: MethodContext, args: Json) => Json
}

export type MethodContext = {
  state: State
  sockets: Sockets
  blockKit: BlockKit
  consents: Consents
  workspace: Workspace
  /** The bearer token as it came. */
  bearer: string
  /** Tells the app of what it did itself. */
  emit: (event: Json & { type: string }) => void
}

/** One of the scopes is enough. */
export function needScope(to: MethodContext, scopes: string[]): void {
  const provided = to.workspace.scopes
  if (scopes.some((scope) => provided.includes(scope))) return
  throw new Refusal('missing_scope', { needed: scopes.join(','), provided: provided.join(',') })
}

/** The channel as the bot may know it: a private one that it is not in does not exist for it. */
export function channelFor(to: MethodContext, channel: unknown): Conversation {
  const found = to.state.conversations.get(String(channel))
  const hidden = found && found.kind !== 'channel' && !found.members.has(to.workspace.botUser)
  if (!found || hidden || found.team !== to.workspace.id) refuse('channel_not_found')
  return found
}

export function flag(value: unknown): boolean | undefined {
  return value === undefined ? undefined : value === true || value === 'true' || value === '1' || value === 1
}

/** One page of a list, with Slack's cursor to the next. */
export function page<T>(all: T[], args: Json, most: number): { items: T[]; cursor: string } {
  const limit = args['limit'] === undefined ? Math.min(100, most) : Number(args['limit'])
  if (!Number.isInteger(limit) || limit < 1 || limit > most) refuse('invalid_limit')
  const cursor = word(args['cursor'])
  const from = cursor === '' ? 0 : Number(Buffer.from(cursor, 'base64').toString().replace('next:', ''))
  if (!Number.isInteger(from)) refuse('invalid_cursor')
  const next = from + limit
  return {
    items: all.slice(from, next),
    cursor: next < all.length ? Buffer.from(`next:${next}`).toString('base64') : '',
  }
}
