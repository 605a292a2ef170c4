export type Style = 'bold' | 'italic' | 'strike' | 'code' | 'pre' | 'quote' | 'emoji' | 'date'

/** What a person reads in a mrkdwn text, and everything in it that is more than letters. */
export type Reading = {
  text: string
  links: { text: string; url: string; bare: boolean }[]
  /** Who would be called: `<!channel>`, `<@U…>`, `<!subteam^S…>`, and names that Slack would look up. */
  pings: string[]
  channels: string[]
  styles: { style: Style; text: string }[]
}

const entity = /<([^<>\n]+)>/g
const bareUrl = /\bhttps?:\/\/[^\s<>|]+/gi
const names = /(?<![\w@])@(channel|here|everyone)\b/gi
const emoji = /:[a-z0-9_+'-]+(?:::skin-tone-[2-6])?:/gi

/** A mark opens before a letter and closes after one, with no letter outside: https://docs.slack.dev/messaging/formatting-message-text */
const marks: [Style, RegExp][] = [
  ['pre', /```([\s\S]+?)```/g],
  ['code', /`([^`\n]+)`/g],
  ['bold', /(?<![\p{L}\p{N}*])\*(?![\s*])([^*\n]*[^\s*])\*(?![\p{L}\p{N}*])/gu],
  ['italic', /(?<![\p{L}\p{N}_])_(?![\s_])([^_\n]*[^\s_])_(?![\p{L}\p{N}_])/gu],
  ['strike', /(?<![\p{L}\p{N}~])~(?![\s~])([^~\n]*[^\s~])~(?![\p{L}\p{N}~])/gu],
]

/**
 * Reads Slack's mrkdwn as the client does. `verbatim` turns off what Slack finds by itself: bare addresses and names;
 * `linkNames` is the old way to ask for names.
 */
export function readMrkdwn(raw: string, how: { verbatim?: boolean; linkNames?: boolean } = {}): Reading {
  const reading: Reading = { text: '', links: [], pings: [], channels: [], styles: [] }
  const kept: string[] = []
  const keep = (shown: string): string => `\u{E000}${kept.push(shown) - 1}\u{E001}`
  let text = raw.replace(entity, (whole, inside: string) => keep(readEntity(inside, reading) ?? whole))
  if (!how.verbatim)
    text = text.replace(bareUrl, (url) => {
      reading.links.push({ text: url, url: unescape(url), bare: true })
      return keep(unescape(url))
    })
  if (!how.verbatim || how.linkNames) for (const [name] of text.matchAll(names)) reading.pings.push(name)
  for (const [style, mark] of marks)
    text = text.replace(mark, (_, inside: string) => {
      reading.styles.push({ style, text: restore(inside, kept) })
      return style === 'code' || style === 'pre' ? keep(unescape(restore(inside, kept))) : inside
    })
  text = text.replace(/^(?:&gt;|>) ?(.*)$/gm, (_, inside: string) => {
    reading.styles.push({ style: 'quote', text: restore(inside, kept) })
    return inside
  })
  for (const [name] of text.matchAll(emoji)) reading.styles.push({ style: 'emoji', text: name })
  reading.text = unescape(restore(text, kept))
  return reading
}

/** What `<…>` shows; undefined when it is nothing to Slack. */
function readEntity(inside: string, reading: Reading): string | undefined {
  const bar = inside.indexOf('|')
  const target = bar < 0 ? inside : inside.slice(0, bar)
  const label = bar < 0 ? undefined : unescape(inside.slice(bar + 1))
  if (target.startsWith('@')) {
    reading.pings.push(target)
    return label ?? target
  }
  if (target.startsWith('#')) {
    reading.channels.push(target)
    return label ?? target
  }
  if (target.startsWith('!date^')) {
    reading.styles.push({ style: 'date', text: label ?? '' })
    return label ?? target
  }
  if (target.startsWith('!')) {
    reading.pings.push(target)
    return label ?? `@${target.slice(1)}`
  }
  if (!/^(https?:\/\/|mailto:|tel:|slack:)/i.test(target)) return undefined
  const url = unescape(target)
  reading.links.push({ text: label ?? url, url, bare: false })
  return label ?? url
}

function restore(text: string, kept: string[]): string {
  return text.replace(/\u{E000}(\d+)\u{E001}/gu, (_, index: string) => kept[Number(index)] ?? '')
}

function unescape(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')
}

export function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
