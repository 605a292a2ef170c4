import type { Json, Message } from './state.ts'

export type Button = { label: string; data?: string; url?: string; web_app?: string; query?: string }

/** A message as its reader has it before the eyes. */
export type Seen = {
  id: number
  /** The message that it answers, or the topic that it stands in. */
  under?: number
  topic?: number
  words: string
  links: string[]
  buttons: Button[]
  /** What acts by itself: names, commands, tags and addresses that Telegram makes out of plain text, and previews. */
  active: string[]
  raw: Message
}

/** What Telegram links by itself, in any text that no entity covers: https://core.telegram.org/bots/api#formatting-options */
const found: [string, RegExp][] = [
  ['mention', /(?<![\w@])@[A-Za-z]\w{3,31}\b/g],
  ['command', /(?<![\w/<>])\/[A-Za-z0-9_]{1,64}(?:@\w+)?\b/g],
  ['hashtag', /(?<![\w#&])#[\p{L}\p{N}_]*\p{L}[\p{L}\p{N}_]*/gu],
  ['cashtag', /(?<![\w$])\$[A-Z]{1,8}\b/g],
  [
    'address',
    /\b(?:https?:\/\/|www\.)[^\s]+|(?<![\w@.-])(?:[a-z0-9-]+\.)+(?:com|org|net|io|xyz|eth|dev|app|example)\b(?:\/[^\s]*)?/gi,
  ],
  ['email', /\b[\w.+-]+@[\w-]+\.[a-z]{2,}\b/gi],
]

const opaque = new Set(['code', 'pre', 'text_link'])

export function see(message: Message): Seen {
  const { text, entities = [], reply_markup: markup } = message
  const covered = entities.filter(({ type }) => opaque.has(type as string)) as { offset: number; length: number }[]
  const isCovered = (at: number): boolean => covered.some(({ offset, length }) => at >= offset && at < offset + length)
  const acting = found.flatMap(([what, pattern]) =>
    [...text.matchAll(pattern)].flatMap((match) => (isCovered(match.index) ? [] : [`${what} ${match[0]}`])),
  )
  const links = entities.flatMap(({ type, url }) => (type === 'text_link' ? [url as string] : []))
  const previews =
    message['link_preview_options']?.is_disabled === true
      ? []
      : [...links, ...acting.filter((one) => one.startsWith('address '))]
  const rows = (markup?.['inline_keyboard'] ?? []) as Json[][]
  return {
    id: message.message_id,
    ...(message['reply_to_message'] ? { under: message['reply_to_message'].message_id as number } : {}),
    ...(message['message_thread_id'] === undefined ? {} : { topic: message['message_thread_id'] as number }),
    words: text,
    links,
    buttons: rows.flat().map((button) => ({
      label: button['text'] as string,
      ...(button['callback_data'] === undefined ? {} : { data: button['callback_data'] as string }),
      ...(button['url'] === undefined ? {} : { url: button['url'] as string }),
      ...(button['web_app'] === undefined ? {} : { web_app: button['web_app'].url as string }),
      ...(button['switch_inline_query'] === undefined ? {} : { query: button['switch_inline_query'] as string }),
    })),
    active: [...acting, ...previews.map((url) => `preview ${url}`), ...pings(message)],
    raw: message,
  }
}

const pings = ({ entities = [] }: Message): string[] =>
  entities.flatMap(({ type, user }) => (type === 'text_mention' ? [`ping ${user.id}`] : []))
