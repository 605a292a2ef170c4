import {
  ButtonStyle,
  ComponentType,
  MessageFlags,
  type APIActionRowComponent,
  type APIButtonComponent,
  type APIComponentInContainer,
  type APIContainerComponent,
} from 'discord.js'
import {
  bar,
  cut,
  safeUrl,
  shortAddress,
  txUrl,
  type Action,
  type Block,
  type Inline,
  type Text,
  type View,
} from '../../core/index.ts'

/** What Discord takes; longer things are cut, and a link leads to the whole. */
export const limits = {
  text: 4_000,
  components: 40,
  rows: 4,
  buttons: 5,
  customId: 100,
  label: 80,
  url: 512,
  title: 200,
  value: 600,
  items: 25,
  dividers: 4,
  bar: 10,
}

export type RenderOptions = {
  explorerUrl?: string | undefined
  /** Names this message for good: found again by it when nobody knows whether it was sent. */
  mark?: number | undefined
  /** The `custom_id` of a button for a command line; longer ones are parked. */
  idOf?: (line: string) => string
}

export type Payload = {
  flags: number
  components: [APIContainerComponent]
  allowed_mentions: { parse: [] }
}

const colors = { info: 0x4f6bed, good: 0x2e8b57, bad: 0xc0392b }

/** View → message of components v2, pure. Everything in a view is text and is escaped; a button's id is its command line. */
export function renderView(view: View, options: RenderOptions = {}): Payload {
  const rows = buttonRows(view.actions ?? [], options.idOf ?? ((line) => line.slice(0, limits.customId)))
  const used = 1 + rows.reduce((sum, row) => sum + 1 + row.components.length, 0)
  const container: APIContainerComponent = {
    type: ComponentType.Container,
    ...(options.mark === undefined ? {} : { id: options.mark }),
    accent_color: colors[view.tone ?? 'info'],
    components: [...partsOf(view, options, limits.components - used), ...rows],
  }
  // Nobody is rung, whatever stands in the text.
  return { flags: MessageFlags.IsComponentsV2, components: [container], allowed_mentions: { parse: [] } }
}

function partsOf(view: View, options: RenderOptions, most: number): APIComponentInContainer[] {
  const page = safeUrl(view.url)
  const isLinkable = page !== undefined && page.length <= limits.url
  const tail = `-# ${isLinkable ? `Cut here. ${linked('Read the whole', page)}` : 'Cut here.'}`
  let left = limits.text - tail.length - 1
  let isCut = false
  const texts: (string | undefined)[] = []
  const add = (words: string): void => {
    if (words === '') return
    texts.push(words)
    left -= words.length + 1
  }
  if (view.title) add(titleOf(view.title, isLinkable ? page : undefined))
  for (const block of view.body) {
    if (block.type === 'divider') texts.push(undefined)
    else {
      const { words, whole } = wordsOf(block, left, options)
      add(words)
      isCut ||= !whole
    }
    if (left < 60) isCut = true
    if (isCut && left < 60) break
  }
  if (isCut) texts.push(tail)
  if (!texts.some(Boolean)) texts.push('-# Nothing to show.')
  return arranged(texts, most)
}

/** A text of its own for each part, which phones set apart; joined where there are too many. */
function arranged(texts: readonly (string | undefined)[], most: number): APIComponentInContainer[] {
  const parts: (string | undefined)[] = []
  let dividers = 0
  for (const text of texts) {
    if (text !== undefined) parts.push(text)
    else if (parts.at(-1) !== undefined && dividers++ < limits.dividers) parts.push(undefined)
  }
  if (parts.at(-1) === undefined) parts.pop()
  while (parts.length > most) {
    const [last, before] = [parts.pop(), parts.pop()]
    parts.push([before, last].filter(Boolean).join('\n'))
  }
  return parts.map((text) =>
    text === undefined ? { type: ComponentType.Separator } : { type: ComponentType.TextDisplay, content: text },
  )
}

type Words = { words: string; whole: boolean }

const blocks: {
  [T in Exclude<Block['type'], 'divider'>]: (
    block: Extract<Block, { type: T }>,
    left: number,
    options: RenderOptions,
  ) => Words
} = {
  text({ text, style }, left, options) {
    if (style === 'heading') return prefixed('### ', text, left, options)
    if (style === 'note') return prefixed('-# ', text, left, options)
    if (style !== 'quote') return inline(text, left, options)
    const { words, whole } = inline(text, left / 2, options)
    return { words: words.replaceAll(/^/gm, '> '), whole }
  },
  fields: ({ fields }, left, options) =>
    lines(fields, left, ({ label, value }, room) => {
      const name = `**${flat(fit(label, limits.label))}:** `
      const shown = inline(value, Math.min(limits.value, room - name.length), options)
      return { words: name + flat(shown.words), whole: shown.whole }
    }),
  tally({ rows, note }, left, options) {
    const drawn = lines(rows, left, ({ label, share, value }) => {
      const { bar: boxes, percent } = bar(share, limits.bar)
      return whole(`\`${boxes}\` **${flat(fit(label, limits.label))}** ${percent} · ${flat(fit(value, limits.label))}`)
    })
    if (note === undefined) return drawn
    const foot = prefixed('-# ', note, Math.min(limits.value, left - drawn.words.length - 1), options)
    return { words: `${drawn.words}\n${foot.words}`, whole: drawn.whole && foot.whole }
  },
  list: ({ items }, left, options) =>
    lines(items, left, (item, room) => prefixed('- ', item, Math.min(limits.value, room), options)),
  // Nothing of a stranger is loaded by itself.
  image({ url, alt }, left) {
    const page = safeUrl(url)
    const words = flat(fit(alt, Math.min(limits.value, left)))
    return whole(`Image: ${page && page.length < left / 2 ? linked(words, page) : words}`)
  },
}

function wordsOf(block: Exclude<Block, { type: 'divider' }>, left: number, options: RenderOptions): Words {
  // The table holds a function for exactly this type; TypeScript cannot join the unions by itself.
  const render = blocks[block.type] as (block: Block, left: number, options: RenderOptions) => Words
  const shown = render(block, left, options)
  return shown.words.length <= left ? shown : { words: '', whole: false }
}

const whole = (words: string): Words => ({ words, whole: true })

function prefixed(prefix: string, text: Text, left: number, options: RenderOptions): Words {
  const shown = inline(text, left - prefix.length, options)
  return { words: prefix + flat(shown.words), whole: shown.whole }
}

function lines<T>(all: readonly T[], left: number, line: (one: T, left: number) => Words): Words {
  const shown: string[] = []
  let isWhole = true
  for (const one of all.slice(0, limits.items)) {
    const { words, whole } = line(one, left)
    isWhole &&= whole
    left -= words.length + 1
    if (left < 40) break
    shown.push(words)
  }
  const rest = all.length - shown.length
  if (rest > 0) shown.push(`-# and ${rest} more`)
  return { words: shown.join('\n'), whole: isWhole && rest === 0 }
}

/** Words on one line, so that a prefix holds for all of them. */
const flat = (words: string): string => words.replaceAll(/\s*[\r\n]+\s*/g, ' ')

function inline(text: Text, left: number, options: RenderOptions): Words {
  let words = ''
  for (const part of Array.isArray(text) ? text : [text]) {
    const room = left - words.length
    const shown = oneInline(part, room, options)
    if (shown === undefined) return { words, whole: false }
    words += shown.words
    if (!shown.whole) return { words, whole: false }
  }
  return whole(words)
}

function oneInline(part: Inline, room: number, options: RenderOptions): Words | undefined {
  if (room < 1) return undefined
  if (typeof part === 'string') return cutTo(part, room, '')
  if ('strong' in part) {
    // Stars stand beside letters; a space goes outside.
    const [, before = '', words = '', after = ''] = /^(\s*)([\s\S]*?)(\s*)$/.exec(part.strong) ?? []
    const shown = cutTo(words, room - before.length - after.length, '**')
    return { ...shown, words: before + shown.words + after }
  }
  const words = semantic(part, options)
  return words.length <= room ? whole(words) : undefined
}

function cutTo(raw: string, room: number, around: string): Words {
  const words = fit(raw, room - 2 * around.length)
  return { words: words === '' ? '' : around + words + around, whole: !words.endsWith('…') || raw.endsWith('…') }
}

function semantic(part: Exclude<Inline, string | { strong: string }>, { explorerUrl }: RenderOptions): string {
  if ('time' in part) return timeOf(part.time, part.as)
  if ('address' in part) {
    const short = codeOf(shortAddress(part.address))
    return part.name === undefined ? short : `${flat(fit(part.name, limits.label))} ${short}`
  }
  if ('tx' in part) {
    const short = part.tx.length > 18 ? `${part.tx.slice(0, 10)}…${part.tx.slice(-4)}` : part.tx
    const page = txUrl(part.tx, explorerUrl)
    return page ? linked(codeOf(short), page) : codeOf(short)
  }
  if ('mention' in part) {
    const { platform, user, name } = part.mention
    return platform === 'discord' && /^\d{15,21}$/.test(user) ? `<@${user}>` : `\\@${flat(fit(name, limits.label))}`
  }
  if ('code' in part) return codeOf(part.code)
  const page = safeUrl(part.link)
  const label = flat(fit(part.label, limits.title))
  return page && page.length <= limits.url ? linked(label || new URL(page).host, page) : label
}

function titleOf(title: string, page: string | undefined): string {
  const words = flat(fit(title, limits.title))
  return `## ${page ? linked(words, page) : words}`
}

/** In angle brackets, so that nothing unfolds. */
const linked = (label: string, page: string): string =>
  `[${label}](<${page.replaceAll(/[()\\<>]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`)}>)`

const codeOf = (words: string): string => `\`${flat(cut(words, limits.title)).replaceAll('`', 'ˋ') || ' '}\``

function timeOf(seconds: number, as: 'relative' | 'date' | 'datetime' = 'relative'): string {
  const isTime = Number.isInteger(seconds) && Math.abs(seconds) <= 8_640_000_000_000
  return isTime ? `<t:${seconds}:${{ relative: 'R', date: 'D', datetime: 'f' }[as]}>` : 'an unknown time'
}

/** As much of it as fits, with every mark that would act made a mark that is read. */
function fit(raw: string, room: number): string {
  let most = Math.floor(room)
  for (;;) {
    if (most < 1) return ''
    const shown = escape(cut(raw, most))
    if (shown.length <= room) return shown
    most = Math.min(most - 1, Math.floor((most * room) / shown.length))
  }
}

const escape = (words: string): string =>
  words
    .replaceAll(/[\\*_~`|<>[\]@]/g, String.raw`\$&`)
    .replaceAll('://', String.raw`\://`)
    .replaceAll(/^(\s*)([#+-])/gm, String.raw`$1\$2`)
    .replaceAll(/^(\s*\d+)([.)])/gm, String.raw`$1\$2`)

const styles = { primary: ButtonStyle.Primary, danger: ButtonStyle.Danger } as const

function buttonRows(
  actions: readonly Action[],
  idOf: (line: string) => string,
): APIActionRowComponent<APIButtonComponent>[] {
  const buttons: APIButtonComponent[] = []
  const ids = new Set<string>()
  for (const action of actions) {
    if (buttons.length === limits.rows * limits.buttons) break
    const label = flat(cut(action.label, limits.label)).trim() || '…'
    if ('run' in action) {
      const custom_id = idOf(action.run)
      // Two of the same would be refused, and do the same.
      if (ids.has(custom_id)) continue
      ids.add(custom_id)
      const style = action.style ? styles[action.style] : ButtonStyle.Secondary
      buttons.push({ type: ComponentType.Button, style, label, custom_id })
    } else {
      const url = safeUrl(action.open)
      if (url && url.length <= limits.url)
        buttons.push({ type: ComponentType.Button, style: ButtonStyle.Link, label, url })
    }
  }
  return Array.from({ length: Math.ceil(buttons.length / limits.buttons) }, (_, row) => ({
    type: ComponentType.ActionRow,
    components: buttons.slice(row * limits.buttons, (row + 1) * limits.buttons),
  }))
}
