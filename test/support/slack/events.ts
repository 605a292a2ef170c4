import { deliver } from './delivery.ts'
import type { Sockets } from './sockets.ts'
import {
  newId,
  newTs,
  secret,
  type Answer,
  type Conversation,
  type Json,
  type Message,
  type State,
  type Workspace,
  word,
} from './state.ts'

const kinds = { channel: 'message.channels', group: 'message.groups', im: 'message.im' } as const
const historyScope = { channel: 'channels:history', group: 'groups:history', im: 'im:history' } as const

/** Nothing was sent: the app did not subscribe, or the bot is not there. */
export type EventAnswer = Answer | { kind: 'unsent'; ms: 0; attempts: 0 }

const unsent: EventAnswer = { kind: 'unsent', ms: 0, attempts: 0 }

/** Tells the app, if its manifest subscribed to this and its token may know. */
export async function emit(
  state: State,
  sockets: Sockets,
  workspace: Workspace,
  event: Json & { type: string },
): Promise<EventAnswer> {
  if (!mayKnow(state, workspace, event)) return unsent
  const payload = eventPayload(state, workspace, event)
  const name = ['event', event.type, event['subtype']].filter(Boolean).join(' ')
  return deliver(state, sockets, { type: 'events_api', name, payload })
}

function mayKnow(state: State, workspace: Workspace, event: Json & { type: string }): boolean {
  const subscribed = new Set(state.manifest.settings.event_subscriptions?.bot_events ?? [])
  const lifeEnds = event.type === 'app_uninstalled' || event.type === 'tokens_revoked'
  if (!workspace.token || (workspace.revoked && !lifeEnds)) return false
  if (event.type === 'app_mention')
    return subscribed.has('app_mention') && workspace.scopes.includes('app_mentions:read')
  if (event.type !== 'message') return subscribed.has(event.type)
  const conversation = state.conversations.get(word(event['channel']))
  if (!conversation || !conversation.members.has(workspace.botUser)) return false
  return subscribed.has(kinds[conversation.kind]) && workspace.scopes.includes(historyScope[conversation.kind])
}

export function eventPayload(state: State, workspace: Workspace, event: Json & { type: string }): Json {
  const now = newTs(state)
  return {
    token: 'verification-is-deprecated',
    team_id: workspace.id,
    context_team_id: workspace.id,
    context_enterprise_id: null,
    api_app_id: state.appId,
    event: { ...event, event_ts: event['event_ts'] ?? event['ts'] ?? now },
    type: 'event_callback',
    event_id: newId(state, 'Ev'),
    event_time: Math.floor(Date.now() / 1000),
    authorizations: [
      {
        enterprise_id: null,
        team_id: workspace.id,
        user_id: workspace.botUser,
        is_bot: true,
        is_enterprise_install: false,
      },
    ],
    is_ext_shared_channel: false,
    event_context: `4-${secret(16)}`,
  }
}

/** A message as history, events and answers carry it. */
export function messageObject(state: State, message: Message): Json {
  const workspace = [...state.workspaces.values()].find((each) => each.botUser === message.user)
  const parent = message.thread_ts === undefined ? undefined : parentOf(state, message)
  const replies = state.messages.filter((each) => isReply(each, message) && each.ephemeralTo === undefined)
  return {
    type: 'message',
    user: message.user,
    ts: message.ts,
    text: message.text,
    team: state.conversations.get(message.channel)?.team,
    ...(message.byBot && workspace
      ? { bot_id: workspace.botId, app_id: state.appId, bot_profile: botProfile(state, workspace) }
      : { client_msg_id: `${message.ts.replace('.', '-')}-0000-4000-8000` }),
    ...(message.blocks ? { blocks: message.blocks } : {}),
    ...(message.attachments ? { attachments: message.attachments } : {}),
    ...(message.metadata ? { metadata: message.metadata } : {}),
    ...(message.edited ? { edited: message.edited } : {}),
    ...(message.thread_ts ? { thread_ts: message.thread_ts, ...(parent ? { parent_user_id: parent.user } : {}) } : {}),
    ...(replies.length > 0
      ? {
          thread_ts: message.ts,
          reply_count: replies.length,
          reply_users: [...new Set(replies.map((each) => each.user))],
          latest_reply: replies.at(-1)!.ts,
        }
      : {}),
  }
}

export function messageEvent(state: State, conversation: Conversation, message: Message): Json & { type: string } {
  return { ...messageObject(state, message), type: 'message', ...whereOf(conversation) }
}

export function changedEvent(
  state: State,
  conversation: Conversation,
  message: Message,
  previous: Json,
): Json & { type: string } {
  const ts = newTs(state)
  const changes = { message: messageObject(state, message), previous_message: previous }
  return { type: 'message', subtype: 'message_changed', hidden: true, ts, ...changes, ...whereOf(conversation) }
}

export function deletedEvent(state: State, conversation: Conversation, previous: Json): Json & { type: string } {
  const ts = newTs(state)
  const changes = { deleted_ts: previous['ts'], previous_message: previous }
  return { type: 'message', subtype: 'message_deleted', hidden: true, ts, ...changes, ...whereOf(conversation) }
}

function whereOf(conversation: Conversation): Json {
  return { channel: conversation.id, channel_type: conversation.kind }
}

function botProfile(state: State, workspace: Workspace): Json {
  const { botId: id, id: team_id } = workspace
  return { id, app_id: state.appId, name: 'AutoCo', icons: {}, deleted: false, updated: 0, team_id }
}

function parentOf(state: State, message: Message): Message | undefined {
  return state.messages.find((each) => each.channel === message.channel && each.ts === message.thread_ts)
}

function isReply(each: Message, parent: Message): boolean {
  return each.channel === parent.channel && each.thread_ts === parent.ts && each.ts !== parent.ts
}
