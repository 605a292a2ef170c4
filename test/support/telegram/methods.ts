import { checkMarkupOf, checkText } from './check.ts'
import type { Flood } from './flood.ts'
import { bad, forbidden, Refusal } from './refusal.ts'
import { isGroup, keyOf, nextId, type Json, type Message, type Place, type State } from './state.ts'
import type { Updates } from './updates.ts'

export type Parts = { state: State; updates: Updates; flood: Flood }
type Method = (parts: Parts, params: Json) => unknown

const seconds = (): number => Math.floor(Date.now() / 1_000)
const unchanged =
  'message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message'

/** What the bot can ask for; a method that is not here is one that AutoCo should not need. */
export const methods: Record<string, Method> = {
  getMe: ({ state }) => state.me,
  getUpdates: ({ updates }, params) => {
    const limit = Number(params['limit'] ?? 100)
    if (limit < 1 || limit > 100) bad('limit must be between 1 and 100')
    return updates.get(params)
  },
  setWebhook: ({ updates }, params) => {
    const url = String(params['url'] ?? '')
    if (url !== '' && !/^https:\/\/|^http:\/\/127\.0\.0\.1/.test(url))
      bad('bad webhook: An HTTPS URL must be provided for webhook')
    const secret = params['secret_token'] as string | undefined
    if (secret !== undefined && !/^[\w-]{1,256}$/.test(secret)) bad('secret token contains unallowed characters')
    updates.setWebhook(params)
    return true
  },
  deleteWebhook: ({ updates }, params) => {
    updates.setWebhook({ ...params, url: '' })
    return true
  },
  getWebhookInfo: ({ updates }) => ({
    url: updates.webhookUrl,
    has_custom_certificate: false,
    pending_update_count: updates.pending,
  }),
  sendMessage: (parts, params) => {
    const place = writable(parts.state, params['chat_id'])
    const content = checkText(params)
    checkMarkupOf(params['reply_markup'], place.chat)
    const reply = replied(parts.state, place, params)
    parts.flood.take(place.chat)
    return keep(parts.state, place, { ...content, params, reply })
  },
  editMessageText: ({ state, flood }, params) => {
    const message = editable(state, params)
    const content = checkText(params)
    checkMarkupOf(params['reply_markup'], message.inlineId === undefined ? message.chat : 'inline')
    if (message.inlineId === undefined) flood.take(message.chat)
    const isSame =
      message.text === content.text &&
      JSON.stringify(message.entities ?? []) === JSON.stringify(content.entities) &&
      JSON.stringify(message.reply_markup) === JSON.stringify(params['reply_markup'])
    if (isSame) bad(unchanged)
    set(message, content, params)
    message['edit_date'] = seconds()
    return message.inlineId === undefined ? shown(message) : true
  },
  editMessageReplyMarkup: ({ state }, params) => {
    const message = editable(state, params)
    checkMarkupOf(params['reply_markup'], message.inlineId === undefined ? message.chat : 'inline')
    if (JSON.stringify(message.reply_markup) === JSON.stringify(params['reply_markup'])) bad(unchanged)
    if (params['reply_markup']) message.reply_markup = params['reply_markup'] as Json
    else delete message.reply_markup
    return message.inlineId === undefined ? shown(message) : true
  },
  deleteMessage: ({ state }, params) => {
    if (!state.messages.delete(keyOf(Number(params['chat_id']), Number(params['message_id']))))
      bad('message to delete not found')
    return true
  },
  answerCallbackQuery: ({ state }, params) => {
    const query = live(state.callbacks.get(params['callback_query_id'] as string), state)
    if (String(params['text'] ?? '').length > 200) bad('MESSAGE_TOO_LONG')
    const url = params['url'] as string | undefined
    if (url !== undefined && !new RegExp(`^https://t\\.me/${state.me.username}\\?start=[\\w-]{1,64}$`).test(url))
      bad('URL_INVALID')
    Object.assign(query, { isAnswered: true, answer: params })
    return true
  },
  answerInlineQuery: ({ state }, params) => {
    const query = live(state.inlineQueries.get(params['inline_query_id'] as string), state)
    const results = params['results'] as Json[]
    if (results.length > 50) bad('RESULTS_TOO_MUCH')
    const ids = results.map(({ id }) => id as string)
    if (new Set(ids).size < ids.length) bad('RESULT_ID_DUPLICATE')
    if (ids.some((id) => id === '' || Buffer.byteLength(id) > 64)) bad('RESULT_ID_INVALID')
    if (Buffer.byteLength(String(params['next_offset'] ?? '')) > 64) bad('NEXT_OFFSET_INVALID')
    const start = params['button']?.start_parameter as string | undefined
    if (start !== undefined && !/^[\w-]{1,64}$/.test(start)) bad('START_PARAM_INVALID')
    for (const result of results) {
      if (result['input_message_content'])
        checkText(result['input_message_content'] as Json & { text: string }, { key: 'message_text' })
      checkMarkupOf(result['reply_markup'] as Json | undefined, 'inline')
    }
    Object.assign(query, { isAnswered: true, answer: params })
    return true
  },
  setMyCommands: ({ state }, params) => {
    const commands = params['commands'] as Json[]
    if (commands.length > 100) bad('BOT_COMMANDS_TOO_MUCH')
    for (const { command, description } of commands) {
      if (!/^[a-z0-9_]{1,32}$/.test(String(command))) bad('BOT_COMMAND_INVALID')
      if (String(description).length < 1 || String(description).length > 256) bad('BOT_COMMAND_DESCRIPTION_INVALID')
    }
    state.commands.set(JSON.stringify(params['scope'] ?? { type: 'default' }), commands)
    return true
  },
  setChatMenuButton: ({ state }, params) => {
    const url = params['menu_button']?.web_app?.url as string | undefined
    if (url !== undefined && !url.startsWith('https://')) bad('BUTTON_URL_INVALID')
    state.menu = params['menu_button'] as Json
    return true
  },
  getChat: ({ state }, params) => ({
    ...placeOf(state, params['chat_id']).chat,
    ...(isGroup(placeOf(state, params['chat_id']).chat)
      ? { permissions: { can_send_messages: placeOf(state, params['chat_id']).mayWrite } }
      : {}),
    accent_color_id: 0,
    max_reaction_count: 11,
    accepted_gift_types: {
      unlimited_gifts: true,
      limited_gifts: true,
      unique_gifts: true,
      premium_subscription: true,
      gifts_from_channels: true,
    },
  }),
  getChatMember: ({ state }, params) => {
    const place = placeOf(state, params['chat_id'])
    const id = Number(params['user_id'])
    const user = id === state.me.id ? plainMe(state) : state.people.get(id)
    if (!user) bad('user not found')
    const status = id === state.me.id ? (place.isKicked ? 'left' : 'member') : (place.members.get(id) ?? 'left')
    if (status === 'creator') return { status, user, is_anonymous: false }
    return status === 'administrator' ? { status, user, ...administratorRights } : { status, user }
  },
}

const administratorRights = Object.fromEntries(
  'can_be_edited is_anonymous can_manage_chat can_delete_messages can_manage_video_chats can_restrict_members can_promote_members can_change_info can_invite_users can_post_stories can_edit_stories can_delete_stories'
    .split(' ')
    .map((name) => [name, name !== 'is_anonymous']),
)

const plainMe = ({ me }: State): Json => {
  const { id, is_bot, first_name, username } = me
  return { id, is_bot, first_name, username }
}

export function placeOf(state: State, id: unknown): Place {
  const place = state.places.get(Number(id))
  if (!place) bad('chat not found')
  if (place.migratedTo !== undefined)
    bad('group chat was upgraded to a supergroup chat', { migrate_to_chat_id: place.migratedTo })
  return place
}

function writable(state: State, id: unknown): Place {
  const place = placeOf(state, id)
  if (place.isDeactivated) forbidden('user is deactivated')
  if (place.isBlocked) forbidden('bot was blocked by the user')
  if (place.isKicked) forbidden(`bot was kicked from the ${place.chat.type} chat`)
  if (place.chat.type === 'private' && !place.isStarted) forbidden("bot can't initiate conversation with a user")
  if (!place.mayWrite) bad('not enough rights to send text messages to the chat')
  return place
}

function replied(state: State, place: Place, params: Json): Message | undefined {
  const wanted = params['reply_parameters'] as Json | undefined
  const topic = params['message_thread_id'] as number | undefined
  if (topic !== undefined && !place.topics.has(Number(topic))) bad('message thread not found')
  if (!wanted) return undefined
  const found = state.messages.get(keyOf(place.chat.id, Number(wanted['message_id'])))
  if (!found && !wanted['allow_sending_without_reply']) bad('message to be replied not found')
  return found
}

function editable(state: State, params: Json): Message {
  const inline = params['inline_message_id'] as string | undefined
  if (inline !== undefined) {
    const message = state.inline.get(inline)
    if (!message) bad('MESSAGE_ID_INVALID')
    return message
  }
  const place = placeOf(state, params['chat_id'])
  if (place.isBlocked) forbidden('bot was blocked by the user')
  if (place.isKicked) forbidden(`bot was kicked from the ${place.chat.type} chat`)
  const message = state.messages.get(keyOf(place.chat.id, Number(params['message_id'])))
  if (!message) bad('message to edit not found')
  if (message.from.id !== state.me.id) bad("message can't be edited")
  return message
}

function live<Q extends { at: number; isAnswered: boolean }>(query: Q | undefined, { limits }: State): Q {
  if (!query || query.isAnswered || Date.now() - query.at > limits.queryMs)
    bad('query is too old and response timeout expired or query ID is invalid')
  return query
}

type Content = { text: string; entities: Json[] }

function set(message: Message, { text, entities }: Content, params: Json): void {
  message.text = text
  if (entities.length > 0) message.entities = entities
  else delete message.entities
  if (params['reply_markup']?.inline_keyboard) message.reply_markup = params['reply_markup'] as Json
  else delete message.reply_markup
  message['link_preview_options'] = params['link_preview_options']
}

function keep(state: State, place: Place, of: Content & { params: Json; reply: Message | undefined }): Json {
  const topic = of.params['message_thread_id'] as number | undefined
  const message: Message = {
    message_id: nextId(state),
    date: seconds(),
    chat: place.chat,
    from: plainMe(state) as Message['from'],
    text: of.text,
    ...(topic === undefined ? {} : { message_thread_id: Number(topic), is_topic_message: true }),
    ...(of.reply ? { reply_to_message: shown(of.reply) } : {}),
  }
  set(message, of, of.params)
  state.messages.set(keyOf(place.chat.id, message.message_id), message)
  return shown(message)
}

/** A message as Telegram tells it. */
export function shown(message: Message): Json {
  const { inlineId: _inline, link_preview_options: preview, reply_to_message: reply, ...rest } = message
  const { reply_to_message: _deeper, ...flat } = (reply ?? {}) as Json
  return {
    ...rest,
    ...(preview === undefined ? {} : { link_preview_options: preview as Json }),
    ...(reply === undefined ? {} : { reply_to_message: flat }),
  }
}

export const unknown = (): Refusal => new Refusal(404, 'Not Found: method not found')
export { isGroup }
