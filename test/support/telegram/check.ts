import { bad } from './refusal.ts'
import { isGroup, type Chat, type Json } from './state.ts'

const markupError = "can't parse entities"
const types = new Set(
  'mention hashtag cashtag bot_command url email phone_number bold italic underline strikethrough spoiler blockquote expandable_blockquote code pre text_link text_mention custom_emoji date_time'.split(
    ' ',
  ),
)

/** The text that is left after parsing, with its entities; Telegram trims it. */
export function checkText(params: Json, { key = 'text', most = 4_096 } = {}): { text: string; entities: Json[] } {
  const raw = String(params[key] ?? '')
  const mode = params['parse_mode'] as string | undefined
  if (mode !== undefined) checkMarkup(raw, mode)
  if (raw.trim() === '') bad(key === 'text' ? 'message text is empty' : 'message caption is empty')
  if (raw.length > most) bad(key === 'text' ? 'message is too long' : 'message caption is too long')
  if (!raw.isWellFormed()) bad('strings must be encoded in UTF-8')
  const entities = (params['entities'] ?? []) as Json[]
  for (const entity of entities) {
    const { type, offset, length, url } = entity
    if (!types.has(type as string)) bad(`${markupError}: unknown entity type ${type}`)
    if (offset < 0 || length <= 0 || offset + length > raw.length)
      bad(`${markupError}: entity out of bounds (${type} at ${offset}, ${length} of ${raw.length})`)
    const isHalf = (at: number): boolean =>
      /[\ud800-\udbff]/.test(raw[at - 1] ?? '') && /[\udc00-\udfff]/.test(raw[at] ?? '')
    if (isHalf(offset as number) || isHalf((offset + length) as number)) bad(`${markupError}: entity cuts a character`)
    if (type === 'text_link' && !/^(?:https?|tg|mailto|ton):/.test(String(url))) bad(`${markupError}: bad URL`)
  }
  checkNesting(entities)
  return { text: raw, entities }
}

function checkNesting(entities: Json[]): void {
  const marks = entities.toSorted((a, b) => a['offset'] - b['offset'] || b['length'] - a['length'])
  const open: number[] = []
  for (const { offset, length } of marks) {
    while (open.length > 0 && open.at(-1)! <= offset) open.pop()
    if (open.length > 0 && offset + length > open.at(-1)!) bad(`${markupError}: entities overlap`)
    open.push(offset + length)
  }
}

/** Just enough of both markups to refuse what Telegram refuses. */
function checkMarkup(text: string, mode: string): void {
  if (mode === 'HTML') {
    const open: string[] = []
    for (const [, slash, tag = ''] of text.matchAll(/<(\/?)([a-zA-Z-]*)[^>]*>?/g)) {
      if (!/^(?:a|b|strong|i|em|u|ins|s|del|code|pre|blockquote|tg-spoiler|tg-emoji)$/.test(tag))
        bad(`${markupError}: Unsupported start tag "${tag}"`)
      if (slash === '') open.push(tag)
      else if (open.pop() !== tag) bad(`${markupError}: Unmatched end tag`)
    }
    if (open.length > 0) bad(`${markupError}: Can't find end tag corresponding to start tag "${open[0]}"`)
  } else if (mode === 'MarkdownV2') {
    const bare = text.replaceAll(/\\[\u0000-\u007f]/g, '').replaceAll(/\[[^\]]*\]\([^)]*\)/g, '')
    const reserved = /[[\]()>#+\-=|{}.!]/.exec(bare)?.[0]
    if (reserved) bad(`${markupError}: Character '${reserved}' is reserved and must be escaped with the preceding '\\'`)
    for (const mark of ['*', '_', '~', '`'])
      if ((bare.split(mark).length - 1) % 2 === 1) bad(`${markupError}: Can't find end of the entity`)
  } else bad('unsupported parse_mode')
}

/** The keyboard under a message: what a button may do depends on where it stands. */
export function checkMarkupOf(markup: Json | undefined, chat: Pick<Chat, 'type'> | 'inline'): void {
  if (!markup) return
  if (markup['force_reply'] || markup['keyboard'] || markup['remove_keyboard']) {
    if (chat === 'inline') bad('inline keyboard expected')
    return
  }
  const buttons = ((markup['inline_keyboard'] ?? []) as Json[][]).flat()
  if (buttons.length > 100) bad('reply markup is too long')
  for (const button of buttons) {
    if (!button['text']) bad('Text buttons are unallowed in the inline keyboard')
    const acts = Object.keys(button).filter((key) => !['text', 'style', 'icon_custom_emoji_id'].includes(key))
    if (acts.length !== 1) bad('BUTTON_TYPE_INVALID')
    const data = button['callback_data'] as string | undefined
    if (data !== undefined && (data === '' || Buffer.byteLength(data) > 64)) bad('BUTTON_DATA_INVALID')
    const app = button['web_app']?.url as string | undefined
    if (app !== undefined && (chat === 'inline' || isGroup(chat as Chat))) bad('BUTTON_TYPE_INVALID')
    if (app !== undefined && !app.startsWith('https://'))
      bad(`inline keyboard button Web App URL '${app}' is invalid: Only HTTPS links are allowed`)
    const url = button['url'] as string | undefined
    if (url !== undefined && !/^(?:https?|tg):\/\/[^/\s]+/.test(url))
      bad(`inline keyboard button URL '${url}' is invalid: Wrong HTTP URL`)
  }
}
