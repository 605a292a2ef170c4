// Foreign JSON: what it holds is judged by the specification, not by types.
export type Json = Record<string, any>

export type Person = { id: number; is_bot: boolean; first_name: string; username?: string }

export type Chat = {
  id: number
  type: 'private' | 'group' | 'supergroup' | 'channel'
  title?: string
  first_name?: string
  username?: string | undefined
  is_forum?: boolean
}

export type Place = {
  chat: Chat
  members: Map<number, 'creator' | 'administrator' | 'member'>
  topics: Map<number, string>
  /** In a private chat: the person wrote first. */
  isStarted: boolean
  isBlocked: boolean
  isKicked: boolean
  isDeactivated: boolean
  mayWrite: boolean
  migratedTo?: number
}

/** A message, in a chat or sent by way of the bot into one that it does not see. */
export type Message = Json & {
  message_id: number
  date: number
  chat: Chat
  from: Person
  text: string
  entities?: Json[]
  reply_markup?: Json
  /** Where it was sent by inline mode. */
  inlineId?: string
}

export type Query = { at: number; isAnswered: boolean; user: number; answer?: Json }

export type Limits = {
  perSecond: number
  chatBurst: number
  chatPerSecond: number
  groupPerMinute: number
  queryMs: number
}

export type Call = { method: string; params: Json; at: number; status: number }

export type Fault = { method?: string; chat?: number; times?: number } & (
  | { type: 'error'; code: number; description: string; parameters?: Json }
  | { type: 'status'; status: number }
  | { type: 'cut'; when: 'before' | 'after' }
  | { type: 'flood'; seconds: number }
)

export type State = {
  me: Person & Json
  token: string
  limits: Limits
  people: Map<number, Person>
  places: Map<number, Place>
  messages: Map<string, Message>
  inline: Map<string, Message>
  callbacks: Map<string, Query>
  inlineQueries: Map<string, Query>
  commands: Map<string, Json[]>
  menu: Json | undefined
  calls: Call[]
  violations: string[]
  faults: (Fault & { times: number })[]
  lastId: number
}

export const keyOf = (chat: number, message: number): string => `${chat}:${message}`
export const nextId = (state: State): number => (state.lastId += 1)
export const isGroup = ({ type }: Chat): boolean => type !== 'private'
