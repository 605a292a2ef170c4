import type { BlockKit } from './block-kit.ts'
import { contentOf, isEmpty, write } from './content.ts'
import { messageObject, changedEvent, deletedEvent, messageEvent } from './events.ts'
import { flag } from './methods/method.ts'
import { refuse } from './refusal.ts'
import { conversationOf, findMessage, newTs, secret, workspaceOf } from './state.ts'
import type { Json, Message, ResponseUrl, State, Workspace } from './state.ts'

const known = new Set([
  'text',
  'blocks',
  'attachments',
  'metadata',
  'response_type',
  'replace_original',
  'delete_original',
  'thread_ts',
  'unfurl_links',
  'unfurl_media',
  'mrkdwn',
  'parse',
  'link_names',
])

export function newResponseUrl(state: State, url: Omit<ResponseUrl, 'at' | 'uses'>): string {
  const key = secret()
  state.responseUrls.set(key, { ...url, at: Date.now(), uses: 0 })
  return `${state.origin}/actions/${url.team}/${key}`
}

/** Writes what the app answered: by a response_url, or with the acknowledgement of a command. */
export function respond(to: Responding, url: ResponseUrl, args: Json): Json | undefined {
  const { state, workspace } = to
  const strange = Object.keys(args).find((name) => !known.has(name))
  if (strange) refuse('invalid_arg_name', [`no argument named ${strange}`])
  const conversation = conversationOf(state, url.channel)
  const original = url.message && findMessage(state, url.message.channel, url.message.ts)
  if (flag(args['delete_original'])) {
    if (!original) refuse('message_not_found')
    const previous = messageObject(state, original)
    state.messages.splice(state.messages.indexOf(original), 1)
    if (original.ephemeralTo === undefined) to.emit(deletedEvent(state, conversation, previous))
    return undefined
  }
  const content = contentOf(state, to.blockKit, args)
  if (isEmpty(content)) refuse('no_text')
  if (flag(args['replace_original']) && url.message) {
    if (!original) refuse('message_not_found')
    const previous = messageObject(state, original)
    replace(original, content, newTs(state), workspace.botUser)
    if (original.ephemeralTo === undefined) to.emit(changedEvent(state, conversation, original, previous))
    return undefined
  }
  const [links, media] = [flag(args['unfurl_links']), flag(args['unfurl_media'])]
  const thread = args['thread_ts'] ?? original?.thread_ts
  const message = write(state, {
    ...content,
    text: content.text ?? '',
    channel: url.channel,
    user: workspace.botUser,
    ...(typeof thread === 'string' ? { thread_ts: thread } : {}),
    ...(args['response_type'] === 'in_channel' ? {} : { ephemeralTo: url.user }),
    unfurl: { ...(links === undefined ? {} : { links }), ...(media === undefined ? {} : { media }) },
    linkNames: flag(args['link_names']) === true || args['parse'] === 'full',
    byBot: true,
  })
  if (message.ephemeralTo === undefined) to.emit(messageEvent(state, conversation, message))
  return undefined
}

export type Responding = {
  state: State
  blockKit: BlockKit
  workspace: Workspace
  emit: (event: Json & { type: string }) => void
}

/** A use of the address: five in thirty minutes. */
export function useResponseUrl(state: State, key: string): { url: ResponseUrl; workspace: Workspace } {
  const url = state.responseUrls.get(key)
  if (!url) refuse('invalid_url')
  if (Date.now() - url.at > state.limits.responseUrlMs) refuse('expired_url')
  if (url.uses >= state.limits.responseUrlUses) refuse('used_url')
  url.uses += 1
  return { url, workspace: workspaceOf(state, url.team) }
}

function replace(message: Message, content: Partial<Message>, ts: string, user: string): void {
  delete message.blocks
  delete message.attachments
  Object.assign(message, { text: '', ...content, edited: { user, ts } })
}
