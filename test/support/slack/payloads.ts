import { messageObject } from './events.ts'
import { newResponseUrl } from './response-url.ts'
import { conversationOf, newTs, personOf, secret, workspaceOf } from './state.ts'
import type { Block, Conversation, Json, Message, OpenView, Person, State, Workspace } from './state.ts'
import { viewObject } from './views.ts'

type Actor = { state: State; workspace: Workspace; person: Person }

export function actor(state: State, user: string): Actor {
  const person = personOf(state, user)
  return { state, workspace: workspaceOf(state, person.team), person }
}

export function commandPayload(
  { state, workspace, person }: Actor,
  channel: string,
  command: string,
  text: string,
): Json {
  const conversation = conversationOf(state, channel)
  return {
    token: 'verification-is-deprecated',
    team_id: workspace.id,
    team_domain: workspace.domain,
    channel_id: channel,
    channel_name: conversation.kind === 'group' ? 'privategroup' : conversation.name,
    user_id: person.id,
    user_name: person.name,
    command,
    text,
    api_app_id: state.appId,
    is_enterprise_install: 'false',
    response_url: newResponseUrl(state, { team: workspace.id, channel, user: person.id }),
    trigger_id: newTrigger({ state, workspace, person }),
  }
}

/** What all interactive payloads carry. */
function base({ state, workspace, person }: Actor): Json {
  return {
    team: { id: workspace.id, domain: workspace.domain },
    user: { id: person.id, username: person.name, name: person.name, team_id: workspace.id },
    api_app_id: state.appId,
    token: 'verification-is-deprecated',
    enterprise: null,
    is_enterprise_install: false,
  }
}

export function messageActionsPayload(who: Actor, message: Message, block: Block, action: Json): Json {
  const { state, workspace, person } = who
  const { channel, ts } = message
  const isEphemeral = message.ephemeralTo !== undefined
  const thread = message.thread_ts ? { thread_ts: message.thread_ts } : {}
  return {
    type: 'block_actions',
    ...base(who),
    container: { type: 'message', message_ts: ts, channel_id: channel, is_ephemeral: isEphemeral, ...thread },
    trigger_id: newTrigger(who),
    channel: channelRef(conversationOf(state, channel)),
    // An ephemeral message is not stored: Slack sends no copy of it.
    ...(isEphemeral ? {} : { message: messageObject(state, message) }),
    state: { values: {} },
    response_url: newResponseUrl(state, { team: workspace.id, channel, user: person.id, message: { channel, ts } }),
    actions: [{ ...action, block_id: block.block_id, action_ts: newTs(state) }],
  }
}

export function viewActionsPayload(who: Actor, view: OpenView, block: Block, action: Json): Json {
  const { state, workspace } = who
  return {
    type: 'block_actions',
    ...base(who),
    container: { type: 'view', view_id: view.id },
    trigger_id: newTrigger(who, view.id),
    view: viewObject(state, workspace, view),
    actions: [{ ...action, block_id: block.block_id, action_ts: newTs(state) }],
  }
}

export function viewSubmissionPayload(who: Actor, view: OpenView): Json {
  const about = viewObject(who.state, who.workspace, view)
  return { type: 'view_submission', ...base(who), trigger_id: newTrigger(who, view.id), view: about, response_urls: [] }
}

export function viewClosedPayload(who: Actor, view: OpenView, isCleared: boolean): Json {
  const about = viewObject(who.state, who.workspace, view)
  return { type: 'view_closed', ...base(who), view: about, is_cleared: isCleared }
}

export function shortcutPayload(who: Actor, callbackId: string): Json {
  const trigger = newTrigger(who)
  return { type: 'shortcut', ...base(who), callback_id: callbackId, trigger_id: trigger, action_ts: newTs(who.state) }
}

export function messageActionPayload(who: Actor, callbackId: string, message: Message): Json {
  const { state, workspace, person } = who
  const { channel, ts } = message
  return {
    type: 'message_action',
    ...base(who),
    callback_id: callbackId,
    trigger_id: newTrigger(who),
    action_ts: newTs(state),
    message_ts: ts,
    channel: channelRef(conversationOf(state, channel)),
    message: messageObject(state, message),
    response_url: newResponseUrl(state, { team: workspace.id, channel, user: person.id, message: { channel, ts } }),
  }
}

export function suggestionPayload(
  who: Actor,
  where: OpenView | Message,
  block: Block,
  element: Json,
  typed: string,
): Json {
  const { state, workspace } = who
  const place =
    'spec' in where
      ? { container: { type: 'view', view_id: where.id }, view: viewObject(state, workspace, where) }
      : {
          container: { type: 'message', message_ts: where.ts, channel_id: where.channel, is_ephemeral: false },
          channel: channelRef(conversationOf(state, where.channel)),
          message: messageObject(state, where),
        }
  const { action_id } = element
  return { type: 'block_suggestion', ...base(who), ...place, action_id, block_id: block.block_id, value: typed }
}

function newTrigger({ state, workspace, person }: Actor, view?: string): string {
  const id = `${Date.now()}.${state.triggers.size + 1}.${secret(16)}`
  const about = { at: Date.now(), team: workspace.id, user: person.id, used: false }
  state.triggers.set(id, { ...about, ...(view === undefined ? {} : { view }) })
  return id
}

function channelRef({ id, kind, name }: Conversation): Json {
  return { id, name: kind === 'group' ? 'privategroup' : name }
}
