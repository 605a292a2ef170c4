import { contentOf, isEmpty, write } from '../content.ts'
import { changedEvent, deletedEvent, messageEvent, messageObject } from '../events.ts'
import { refuse } from '../refusal.ts'
import { findMessage, newTs, type Conversation, type Json, type Message, word } from '../state.ts'
import { directTo } from './conversations.ts'
import { channelFor, flag, type Method, type MethodContext } from './method.ts'

export const chatMethods: Record<string, Method> = {
  'chat.postMessage': {
    scopes: ['chat:write'],
    required: ['channel'],
    run: (to, args) => {
      const conversation = targetOf(to, args['channel'])
      mayPost(to, conversation)
      const message = write(to.state, { ...said(to, args, conversation), user: to.workspace.botUser })
      to.emit(messageEvent(to.state, conversation, message))
      return { channel: conversation.id, ts: message.ts, message: messageObject(to.state, message) }
    },
  },
  'chat.postEphemeral': {
    scopes: ['chat:write'],
    required: ['channel', 'user'],
    run: (to, args) => {
      const conversation = channelFor(to, args['channel'])
      mayPost(to, conversation)
      const user = word(args['user'])
      if (!to.state.people.has(user)) refuse('user_not_found')
      if (!conversation.members.has(user)) refuse('user_not_in_channel')
      const message = write(to.state, {
        ...said(to, args, conversation),
        user: to.workspace.botUser,
        ephemeralTo: user,
      })
      return { message_ts: message.ts }
    },
  },
  'chat.update': {
    scopes: ['chat:write'],
    required: ['channel', 'ts'],
    run: (to, args) => {
      const conversation = channelFor(to, args['channel'])
      if (conversation.archived) refuse('is_archived')
      const message = ownMessage(to, args, 'cant_update_message')
      const content = contentOf(to.state, to.blockKit, args)
      const next = { ...message, ...content }
      if (isEmpty(next)) refuse('no_text')
      const previous = messageObject(to.state, message)
      Object.assign(message, content, { edited: { user: to.workspace.botUser, ts: newTs(to.state) } })
      if (flag(args['link_names']) || args['parse'] === 'full') message.linkNames = true
      to.emit(changedEvent(to.state, conversation, message, previous))
      return { channel: conversation.id, ts: message.ts, text: message.text, message: messageObject(to.state, message) }
    },
  },
  'chat.delete': {
    scopes: ['chat:write'],
    required: ['channel', 'ts'],
    run: (to, args) => {
      const conversation = channelFor(to, args['channel'])
      const message = ownMessage(to, args, 'cant_delete_message')
      const previous = messageObject(to.state, message)
      to.state.messages.splice(to.state.messages.indexOf(message), 1)
      to.emit(deletedEvent(to.state, conversation, previous))
      return { channel: conversation.id, ts: message.ts }
    },
  },
  'chat.getPermalink': {
    required: ['channel', 'message_ts'],
    run: (to, args) => {
      const conversation = channelFor(to, args['channel'])
      const message = findMessage(to.state, conversation.id, word(args['message_ts']))
      if (!message || message.ephemeralTo !== undefined) refuse('message_not_found')
      const path = `archives/${conversation.id}/p${message.ts.replace('.', '')}`
      const thread = message.thread_ts ? `?thread_ts=${message.thread_ts}&cid=${conversation.id}` : ''
      return { channel: conversation.id, permalink: `https://${to.workspace.domain}.slack.com/${path}${thread}` }
    },
  },
}

/** A channel by id or `#name`, or a person, whose private conversation is then opened. */
function targetOf(to: MethodContext, target: unknown): Conversation {
  const name = word(target)
  if (/^[UW]/.test(name)) return directTo(to, name)
  if (!name.startsWith('#')) return channelFor(to, name)
  const all = [...to.state.conversations.values()]
  return channelFor(to, all.find((each) => each.team === to.workspace.id && `#${each.name}` === name)?.id)
}

function mayPost(to: MethodContext, conversation: Conversation): void {
  if (conversation.archived) refuse('is_archived')
  const isMember = conversation.members.has(to.workspace.botUser)
  if (!isMember && !to.workspace.scopes.includes('chat:write.public')) refuse('not_in_channel')
  if (conversation.restricted) refuse('restricted_action')
}

function said(to: MethodContext, args: Json, conversation: Conversation): Omit<Message, 'ts' | 'user'> {
  const content = contentOf(to.state, to.blockKit, args)
  if (isEmpty(content)) refuse('no_text')
  const threadTs = args['thread_ts'] === undefined ? undefined : word(args['thread_ts'])
  if (threadTs !== undefined && !isParent(findMessage(to.state, conversation.id, threadTs))) refuse('thread_not_found')
  const [links, media] = [flag(args['unfurl_links']), flag(args['unfurl_media'])]
  return {
    ...content,
    channel: conversation.id,
    text: content.text ?? '',
    ...(threadTs === undefined ? {} : { thread_ts: threadTs }),
    unfurl: { ...(links === undefined ? {} : { links }), ...(media === undefined ? {} : { media }) },
    linkNames: flag(args['link_names']) === true || args['parse'] === 'full',
    byBot: true,
  }
}

function isParent(message: Message | undefined): boolean {
  if (!message || message.ephemeralTo !== undefined) return false
  return message.thread_ts === undefined || message.thread_ts === message.ts
}

function ownMessage(to: MethodContext, args: Json, foreign: string): Message {
  const message = findMessage(to.state, word(args['channel']), word(args['ts']))
  if (!message || message.ephemeralTo !== undefined) refuse('message_not_found')
  if (message.user !== to.workspace.botUser) refuse(foreign)
  return message
}
