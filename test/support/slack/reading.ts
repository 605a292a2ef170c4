import { elementsOf } from './block-kit.ts'
import { readMrkdwn, type Reading } from './mrkdwn.ts'
import { word } from './state.ts'
import type { Block, Json, Message, OpenView, State } from './state.ts'

export type SeenButton = { action_id: string; label: string; value?: string; url?: string; style?: string }
export type SeenField = {
  block_id: string
  action_id: string
  /** The element's type: `plain_text_input`, `static_select`, … */
  type: string
  label: string
  optional: boolean
  options: { label: string; value: string }[]
  /** What stands in it before the person touches it. */
  initial?: string | string[]
  error?: string
}

type Surface = {
  /** Plain words, one line a block. */
  text: string
  links: { text: string; url: string; bare: boolean }[]
  styles: Reading['styles']
  buttons: SeenButton[]
  fields: SeenField[]
  images: string[]
  pings: string[]
}

/** A message as its reader has it before the eyes. */
export type Seen = Surface & {
  channel: string
  ts: string
  thread_ts?: string
  from: string
  ephemeral: boolean
  edited: boolean
  /** Addresses that Slack would show a preview of. */
  previews: string[]
  /** Everything that acts without being asked: pings, previews, and markup in a text that a stranger wrote. */
  active: string[]
  raw: Message
}

export type SeenView = Surface & {
  view: string
  type: 'modal' | 'home'
  title: string
  submit?: string
  callback_id: string
  private_metadata: string
  active: string[]
  raw: OpenView
}

export function seeMessage(state: State, message: Message): Seen {
  const blocks = message.blocks ?? []
  const surface = blocks.length > 0 ? see(blocks) : empty()
  const plain = readMrkdwn(message.text, { linkNames: message.linkNames, verbatim: blocks.length > 0 })
  if (blocks.length === 0) Object.assign(surface, { text: plain.text, links: plain.links, styles: plain.styles })
  for (const attachment of message.attachments ?? []) addAttachment(surface, attachment)
  surface.pings.push(...plain.pings.filter((ping) => !surface.pings.includes(ping)))
  if (message.ephemeralTo !== undefined) surface.pings = []
  const quiet = message.unfurl.links === false && message.unfurl.media === false
  const previews =
    !message.byBot || quiet || message.ephemeralTo !== undefined
      ? []
      : [...surface.links, ...plain.links].map((link) => link.url).filter((url) => url.startsWith('http'))
  return {
    channel: message.channel,
    ts: message.ts,
    ...(message.thread_ts === undefined ? {} : { thread_ts: message.thread_ts }),
    from: message.user,
    ephemeral: message.ephemeralTo !== undefined,
    edited: message.edited !== undefined,
    ...surface,
    previews: [...new Set(previews)],
    active: active(state, surface, [...new Set(previews)]),
    raw: message,
  }
}

export function seeView(state: State, view: OpenView): SeenView {
  const surface = see(view.spec.blocks, view)
  const words = (key: string): string => ((view.spec[key] as Json | undefined)?.['text'] as string | undefined) ?? ''
  return {
    view: view.id,
    type: view.spec.type as 'modal' | 'home',
    title: words('title'),
    ...(words('submit') ? { submit: words('submit') } : {}),
    callback_id: (view.spec['callback_id'] as string | undefined) ?? '',
    private_metadata: (view.spec['private_metadata'] as string | undefined) ?? '',
    ...surface,
    active: active(state, surface, []),
    raw: view,
  }
}

function see(blocks: Block[], view?: OpenView): Surface {
  const surface = empty()
  surface.text = blocks
    .map((block) => words(block, surface))
    .filter(Boolean)
    .join('\n')
  for (const { block, element } of elementsOf(blocks)) {
    if (element['type'] === 'button') surface.buttons.push(button(element))
    else if (element['action_id'] !== undefined) surface.fields.push(field(block, element, view))
  }
  return surface
}

function words(node: unknown, surface: Surface): string {
  if (Array.isArray(node))
    return node
      .map((each) => words(each, surface))
      .filter(Boolean)
      .join('\n')
  if (typeof node !== 'object' || node === null) return ''
  const { type, text } = node as Json
  if (type === 'plain_text') return word(text)
  if (type === 'mrkdwn') return addMrkdwn(surface, word(text), (node as Json)['verbatim'] === true)
  if (type === 'markdown') return addMrkdwn(surface, word(text), false)
  if (type === 'rich_text_section' || type === 'rich_text_quote' || type === 'rich_text_preformatted')
    return ((node as Json)['elements'] as Json[]).map((each) => richWords(each, surface)).join('')
  if (type === 'image') {
    surface.images.push(word((node as Json)['image_url']))
    return word((node as Json)['alt_text'])
  }
  if (type === 'button' || (node as Json)['action_id'] !== undefined) return ''
  return Object.values(node)
    .map((each) => (typeof each === 'object' ? words(each, surface) : ''))
    .filter(Boolean)
    .join('\n')
}

function richWords(element: Json, surface: Surface): string {
  const text = element['text'] as string | undefined
  const style = (element['style'] ?? {}) as Record<string, boolean>
  for (const name of ['bold', 'italic', 'strike', 'code'] as const)
    if (style[name] && text) surface.styles.push({ style: name, text })
  switch (element['type']) {
    case 'link':
      surface.links.push({ text: text ?? word(element['url']), url: word(element['url']), bare: false })
      return text ?? word(element['url'])
    case 'user':
      surface.pings.push(`@${word(element['user_id'])}`)
      return `@${word(element['user_id'])}`
    case 'usergroup':
      surface.pings.push(`!subteam^${word(element['usergroup_id'])}`)
      return `@${word(element['usergroup_id'])}`
    case 'broadcast':
      surface.pings.push(`!${word(element['range'])}`)
      return `@${word(element['range'])}`
    case 'channel':
      return `#${word(element['channel_id'])}`
    case 'emoji':
      return `:${word(element['name'])}:`
    case 'date':
      return word(element['fallback'] ?? element['timestamp'])
    default:
      return text ?? ''
  }
}

function addMrkdwn(surface: Surface, raw: string, verbatim: boolean): string {
  const reading = readMrkdwn(raw, { verbatim })
  surface.links.push(...reading.links)
  surface.styles.push(...reading.styles)
  surface.pings.push(...reading.pings)
  return reading.text
}

function addAttachment(surface: Surface, attachment: Json): void {
  const inner = see((attachment['blocks'] ?? []) as Block[])
  const plain = ['pretext', 'title', 'text'].map((key) => addMrkdwn(inner, word(attachment[key]), false))
  surface.text = [surface.text, ...plain, inner.text].filter(Boolean).join('\n')
  for (const key of ['links', 'styles', 'buttons', 'fields', 'images', 'pings'] as const)
    (surface[key] as unknown[]).push(...inner[key])
}

function button(element: Json): SeenButton {
  const label = (element['text'] as Json)['text'] as string
  const rest = ['value', 'url', 'style'].flatMap((key) => (element[key] === undefined ? [] : [[key, element[key]]]))
  return { action_id: word(element['action_id']), label, ...Object.fromEntries(rest) }
}

function field(block: Block, element: Json, view?: OpenView): SeenField {
  const options = [
    ...((element['options'] ?? []) as Json[]),
    ...((element['option_groups'] ?? []) as Json[]).flatMap((group) => group['options'] as Json[]),
  ]
  const initial = initialOf(element)
  const error = view?.errors[block.block_id ?? '']
  return {
    block_id: block.block_id ?? '',
    action_id: word(element['action_id']),
    type: word(element['type']),
    label: word((block['label'] as Json | undefined)?.['text'] ?? (block['text'] as Json | undefined)?.['text']),
    optional: block['optional'] === true || block.type !== 'input',
    options: options.map((each) => ({ label: word((each['text'] as Json)['text']), value: word(each['value']) })),
    ...(initial === undefined ? {} : { initial }),
    ...(error === undefined ? {} : { error }),
  }
}

/** The value that an element starts with, whatever it is called there. */
function initialOf(element: Json): string | string[] | undefined {
  const value = (option: unknown): string => word((option as Json)['value'])
  for (const [key, found] of Object.entries(element)) {
    if (!key.startsWith('initial_')) continue
    if (Array.isArray(found)) return found.map((each) => (typeof each === 'string' ? each : value(each)))
    return typeof found === 'object' && found !== null ? value(found) : String(found)
  }
  return undefined
}

function active(state: State, surface: Surface, previews: string[]): string[] {
  const marked = [
    ...surface.styles.map(({ style, text }) => ({ what: style, text })),
    ...surface.links.map(({ text, bare }) => ({ what: bare ? 'address' : 'link', text })),
  ]
  const strange = marked.filter(({ text }) => [...state.strangers].some((stranger) => stranger.includes(text)))
  return [
    ...surface.pings.map((ping) => `ping ${ping}`),
    ...previews.map((url) => `preview ${url}`),
    ...strange.map(({ what, text }) => `${what} ${text}`),
  ]
}

function empty(): Surface {
  return { text: '', links: [], styles: [], buttons: [], fields: [], images: [], pings: [] }
}
