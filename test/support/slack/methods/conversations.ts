import { messageObject } from '../events.ts'
import { refuse } from '../refusal.ts'
import { findMessage, newId, type Conversation, type Json, type Message, type State, word } from '../state.ts'
import { channelFor, flag, needScope, page, type Method, type MethodContext } from './method.ts'

const reads = ['channels:read', 'groups:read', 'im:read', 'mpim:read']
const histories = ['channels:history', 'groups:history', 'im:history', 'mpim:history']
const scopePrefix = { channel: 'channels', group: 'groups', im: 'im' } as const

export const conversationMethods: Record<string, Method> = {
  'conversations.open': {
    scopes: ['im:write'],
    run: (to, args) => {
      if (args['channel'] !== undefined) return { channel: { id: channelFor(to, args['channel']).id } }
      const users = word(args['users']).split(',').filter(Boolean)
      if (users.length === 0) refuse('users_list_not_supplied')
      if (users.length > 1) needScope(to, ['mpim:write'])
      const existed = to.state.conversations.has(directId(to.state, users[0]!) ?? '')
      const conversation = directTo(to, users[0]!)
      const brief = flag(args['return_im']) ? conversationObject(to, conversation) : { id: conversation.id }
      return { ...(existed ? { no_op: true, already_open: true } : {}), channel: brief }
    },
  },
  'conversations.info': {
    scopes: reads,
    required: ['channel'],
    run: (to, args) => {
      const conversation = channelFor(to, args['channel'])
      needScope(to, [`${scopePrefix[conversation.kind]}:read`])
      const count = flag(args['include_num_members']) ? { num_members: conversation.members.size } : {}
      return { channel: { ...conversationObject(to, conversation), ...count } }
    },
  },
  'conversations.list': {
    scopes: reads,
    run: (to, args) => {
      const types = new Set((word(args['types']) || 'public_channel').split(','))
      const kind = { channel: 'public_channel', group: 'private_channel', im: 'im' } as const
      const all = [...to.state.conversations.values()]
        .filter((each) => each.team === to.workspace.id && types.has(kind[each.kind]))
        .filter((each) => each.kind === 'channel' || each.members.has(to.workspace.botUser))
        .filter((each) => !(flag(args['exclude_archived']) && each.archived))
      const { items, cursor } = page(all, args, 1_000)
      const channels = items.map((each) => conversationObject(to, each))
      return { channels, response_metadata: { next_cursor: cursor } }
    },
  },
  'conversations.members': {
    scopes: reads,
    required: ['channel'],
    run: (to, args) => {
      const conversation = channelFor(to, args['channel'])
      needScope(to, [`${scopePrefix[conversation.kind]}:read`])
      const { items, cursor } = page([...conversation.members], args, 1_000)
      return { members: items, response_metadata: { next_cursor: cursor } }
    },
  },
  'conversations.join': {
    scopes: ['channels:join'],
    required: ['channel'],
    run: (to, args) => {
      const conversation = channelFor(to, args['channel'])
      if (conversation.kind !== 'channel') refuse('method_not_supported_for_channel_type')
      if (conversation.archived) refuse('is_archived')
      const already = conversation.members.has(to.workspace.botUser)
      conversation.members.add(to.workspace.botUser)
      if (!already)
        to.emit({
          type: 'member_joined_channel',
          user: to.workspace.botUser,
          channel: conversation.id,
          channel_type: 'C',
          team: to.workspace.id,
        })
      const warning = { warning: 'already_in_channel', response_metadata: { warnings: ['already_in_channel'] } }
      return { channel: conversationObject(to, conversation), ...(already ? warning : {}) }
    },
  },
  'conversations.history': {
    scopes: histories,
    required: ['channel'],
    run: (to, args) => {
      const conversation = readable(to, args)
      const parents = visible(to.state, conversation).filter((each) => !each.thread_ts || each.thread_ts === each.ts)
      return pageOf(to, args, between(parents, args).reverse())
    },
  },
  'conversations.replies': {
    scopes: histories,
    required: ['channel', 'ts'],
    run: (to, args) => {
      const conversation = readable(to, args)
      const asked = findMessage(to.state, conversation.id, word(args['ts']))
      if (!asked || asked.ephemeralTo !== undefined) refuse('thread_not_found')
      const root = asked.thread_ts ?? asked.ts
      const thread = visible(to.state, conversation).filter((each) => each.ts === root || each.thread_ts === root)
      return pageOf(to, args, between(thread, args, root))
    },
  },
}

/** The bot's private conversation with a person, opened if there was none. */
export function directTo(to: MethodContext, user: string): Conversation {
  const person = to.state.people.get(user)
  if (!person || person.team !== to.workspace.id) refuse('user_not_found')
  if (person.bot) refuse('cannot_dm_bot')
  if (person.deleted) refuse('user_disabled')
  const old = to.state.conversations.get(directId(to.state, user) ?? '')
  return old ?? openDirect(to.state, to.workspace.botUser, user)
}

export function openDirect(state: State, botUser: string, user: string): Conversation {
  const conversation: Conversation = {
    id: newId(state, 'D'),
    team: state.people.get(user)!.team,
    name: 'directmessage',
    kind: 'im',
    members: new Set([user, botUser]),
    archived: false,
    restricted: false,
    created: Math.floor(Date.now() / 1000),
  }
  state.conversations.set(conversation.id, conversation)
  return conversation
}

export function directId(state: State, user: string): string | undefined {
  return [...state.conversations.values()].find((each) => each.kind === 'im' && each.members.has(user))?.id
}

function conversationObject(to: MethodContext, conversation: Conversation): Json {
  const { id, kind, members, archived, created, name } = conversation
  const base = {
    id,
    created,
    is_archived: archived,
    is_im: kind === 'im',
    is_org_shared: false,
    context_team_id: to.workspace.id,
  }
  if (kind === 'im') return { ...base, user: [...members].find((each) => each !== to.workspace.botUser) }
  return {
    ...base,
    name,
    name_normalized: name,
    is_channel: kind === 'channel',
    is_group: kind === 'group',
    is_mpim: false,
    is_private: kind === 'group',
    is_general: false,
    is_shared: false,
    is_ext_shared: false,
    is_member: members.has(to.workspace.botUser),
    creator: [...members][0] ?? '',
    topic: { value: '', creator: '', last_set: 0 },
    purpose: { value: '', creator: '', last_set: 0 },
  }
}

function readable(to: MethodContext, args: Json): Conversation {
  const conversation = channelFor(to, args['channel'])
  needScope(to, [`${scopePrefix[conversation.kind]}:history`])
  if (!conversation.members.has(to.workspace.botUser)) refuse('not_in_channel')
  return conversation
}

function visible(state: State, conversation: Conversation): Message[] {
  return state.messages.filter((each) => each.channel === conversation.id && each.ephemeralTo === undefined)
}

/** Between `oldest` and `latest`; both are left out unless `inclusive`, the thread's first message never is. */
function between(messages: Message[], args: Json, root?: string): Message[] {
  const inclusive = flag(args['inclusive']) === true
  const oldest = args['oldest'] === undefined ? -Infinity : Number(args['oldest'])
  const latest = args['latest'] === undefined ? Infinity : Number(args['latest'])
  return messages.filter((each) => {
    const ts = Number(each.ts)
    if (each.ts === root) return true
    return inclusive ? ts >= oldest && ts <= latest : ts > oldest && ts < latest
  })
}

function pageOf(to: MethodContext, args: Json, messages: Message[]): Json {
  const { items, cursor } = page(messages, args, 999)
  return {
    messages: items.map((each) => messageObject(to.state, each)),
    has_more: cursor !== '',
    ...(cursor ? { response_metadata: { next_cursor: cursor } } : {}),
  }
}
