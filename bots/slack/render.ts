import type { types } from '@slack/bolt'
import {
  bar,
  cut,
  safeUrl,
  shortAddress,
  timeWords,
  txUrl,
  type Action,
  type Block,
  type Inline,
  type Text,
  type View,
} from '../../core/index.ts'

/** Slack's limits (docs.slack.dev, Block Kit), and for text as a whole a margin below the undocumented 12,000. */
export const limits = {
  title: 200,
  text: 2_900,
  value: 600,
  items: 25,
  fields: 20,
  rows: 15,
  inlines: 120,
  actions: 25,
  label: 75,
  line: 2_000,
  url: 3_000,
  blocks: 48,
  all: 10_500,
  fallback: 300,
}

type KnownBlock = types.KnownBlock
type RichTextElement = types.RichTextElement
type RichTextSection = types.RichTextSection

export type Rendered = { text: string; blocks: KnownBlock[] }
export type RenderOptions = { explorerUrl?: string | undefined }

/**
 * View → Block Kit, pure. Words stand in rich text elements, which Slack reads as letters and never as markup; what is cut
 * can be read on the card's page.
 */
export function renderView(view: View, options: RenderOptions = {}): Rendered {
  const budget: Budget = { left: limits.all, isCut: false, view, options }
  const title = titleBlock(view, budget)
  const body: KnownBlock[] = []
  for (const block of view.body) {
    if (budget.left <= 0 || body.length >= limits.blocks - 4) {
      budget.isCut = true
      break
    }
    body.push(...renderBlock(block, budget))
  }
  const url = safeUrl(view.url)
  const actions = actionsBlock(view.actions ?? [])
  const blocks = [
    ...title,
    ...body,
    ...(budget.isCut ? [rich([section(url ? [link(url, 'Read the whole'), ' (cut here)'] : ['(cut here)'])])] : []),
    ...(actions ? [actions] : []),
  ]
  return {
    text: fallback(view),
    blocks: blocks.length > 0 ? blocks : [rich([section(['Nothing to show.'])])],
  }
}

type Budget = { left: number; isCut: boolean; view: View; options: RenderOptions }

/** Slack reads the text beside the blocks for notices, and only there as markup. */
const fallback = (view: View): string => {
  const [first] = view.body.flatMap((block) => (block.type === 'text' ? [plain(block.text)] : []))
  const words = [view.title, first].filter(Boolean).join(': ')
  return cut(words || 'AutoCo', limits.fallback)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
}

function titleBlock(view: View, budget: Budget): KnownBlock[] {
  if (view.title === undefined) return []
  const words = cut(view.title, limits.title) || 'Untitled'
  budget.left -= words.length
  const url = safeUrl(view.url)
  const tone = view.tone === 'good' ? '✅ ' : view.tone === 'bad' ? '⛔ ' : ''
  return [
    rich([section([...(tone ? [tone] : []), url ? link(url, words, { bold: true }) : letters(words, { bold: true })])]),
  ]
}

function renderBlock(block: Block, budget: Budget): KnownBlock[] {
  switch (block.type) {
    case 'text': {
      const elements = inlines(block.text, budget, limits.text, block.style === 'heading' ? { bold: true } : {})
      if (elements.length === 0) return []
      if (block.style === 'quote') return [rich([{ type: 'rich_text_quote', elements }])]
      return [rich([{ type: 'rich_text_section', elements }])]
    }
    case 'fields':
      return block.fields.length === 0
        ? []
        : [
            rich(
              block.fields.slice(0, limits.fields).map(({ label, value }) => ({
                type: 'rich_text_section',
                elements: [
                  ...inlines(`${cut(label, limits.label)}: `, budget, limits.value, { bold: true }),
                  ...inlines(value, budget, limits.value),
                  letters('\n'),
                ],
              })),
            ),
          ]
    case 'tally':
      return [
        rich([{ type: 'rich_text_preformatted', elements: [letters(tallyText(block, budget))] }]),
        ...(block.note === undefined ? [] : renderBlock({ type: 'text', text: block.note, style: 'note' }, budget)),
      ]
    case 'list':
      return listBlock(block.items, budget)
    case 'image': {
      // A picture of another host would be fetched and shown unasked, so it is offered as a link.
      const url = safeUrl(block.url)
      const words = cut(block.alt, limits.label) || 'picture'
      return [rich([section(['Image: ', url && url.length <= limits.url ? link(url, words) : letters(words)])])]
    }
    case 'divider':
      return [{ type: 'divider' }]
  }
}

function listBlock(items: Text[], budget: Budget): KnownBlock[] {
  const rest = items.length - limits.items
  const sections = items
    .slice(0, limits.items)
    .map((item) => inlines(item, budget, limits.value))
    .filter((elements) => elements.length > 0)
    .map((elements): RichTextSection => ({ type: 'rich_text_section', elements }))
  if (rest > 0) budget.isCut = true
  if (sections.length === 0) return []
  return [rich([{ type: 'rich_text_list', style: 'bullet', elements: sections }])]
}

function tallyText({ rows }: Extract<Block, { type: 'tally' }>, budget: Budget): string {
  const shown = rows.slice(0, limits.rows)
  const width = Math.min(20, Math.max(0, ...shown.map(({ label }) => cut(label, 20).length)))
  const lines = shown.map(({ label, share, value }) => {
    const { bar: drawn, percent } = bar(share, 10)
    return `${cut(label, 20).padEnd(width)} ${drawn} ${percent.padStart(6)}  ${cut(value, 40)}`
  })
  const text = [...lines, ...(rows.length > shown.length ? [`and ${rows.length - shown.length} more`] : [])].join('\n')
  budget.left -= text.length
  return text || ' '
}

type Style = { bold?: boolean; italic?: boolean; code?: boolean }

function inlines(text: Text, budget: Budget, limit: number, style: Style = {}): RichTextElement[] {
  const parts = Array.isArray(text) ? text : [text]
  let left = Math.min(limit, Math.max(0, budget.left))
  const elements: RichTextElement[] = []
  for (const part of parts.slice(0, limits.inlines)) {
    if (left <= 0) break
    const element = inline(part, budget, left, style)
    if (!element) continue
    elements.push(element)
    left -= sizeOf(element)
    budget.left -= sizeOf(element)
  }
  if (parts.length > limits.inlines || left <= 1) budget.isCut = true
  return elements
}

function inline(part: Inline, { options, view }: Budget, limit: number, style: Style): RichTextElement | undefined {
  if (typeof part === 'string') return words(part, limit, style)
  if ('time' in part) return date(part.time, part.as, view)
  if ('address' in part) {
    const name = part.name === undefined ? '' : `${cut(part.name, limits.label)} `
    return letters(`${name}${shortAddress(part.address)}`, part.name === undefined ? { code: true } : style)
  }
  if ('tx' in part) {
    const url = txUrl(part.tx, options.explorerUrl)
    const short = `${cut(part.tx.slice(0, 10), 10)}…${cut(part.tx.slice(-4), 4)}`
    return url ? link(url, short) : letters(short, { code: true })
  }
  // A name in words: whoever is spoken of need not be called.
  if ('mention' in part) return words(`@${part.mention.name}`, limits.label, style)
  if ('strong' in part) return words(part.strong, limit, { ...style, bold: true })
  if ('code' in part) return words(part.code, limit, { code: true })
  const url = safeUrl(part.link)
  const label = cut(part.label, Math.min(limit, limits.title))
  return url && url.length <= limits.url ? link(url, label || new URL(url).host) : words(part.label, limit, style)
}

function words(value: string, limit: number, style: Style): RichTextElement | undefined {
  const shown = cut(value, limit)
  return shown === '' ? undefined : letters(shown, style)
}

const letters = (text: string, style: Style = {}): types.RichTextText => ({
  type: 'text',
  text,
  ...(Object.keys(style).length > 0 ? { style } : {}),
})

const link = (url: string, text: string, style: Style = {}): RichTextElement => ({
  type: 'link',
  url,
  text,
  ...(Object.keys(style).length > 0 ? { style } : {}),
})

/** Slack shows a moment in each reader's own zone. */
function date(seconds: number, as: 'relative' | 'date' | 'datetime' | undefined, view: View): RichTextElement {
  const said = timeWords(seconds, as, view)
  if (!Number.isSafeInteger(seconds) || seconds <= 0 || seconds > 4e9) return letters(said)
  const format = as === 'date' ? '{date_short_pretty}' : as === 'datetime' ? '{date_short_pretty} {time}' : '{ago}'
  return { type: 'date', timestamp: seconds, format, fallback: said }
}

function actionsBlock(actions: readonly Action[]): KnownBlock | undefined {
  const elements = actions.flatMap((action, index): types.ActionsBlockElement[] => {
    const text = { type: 'plain_text' as const, text: cut(action.label, limits.label) || '…', emoji: false }
    const style = action.style === undefined ? {} : { style: action.style }
    if ('run' in action)
      return action.run.length > limits.line
        ? []
        : [{ type: 'button', action_id: `run:${index}`, text, value: action.run, ...style }]
    const url = safeUrl(action.open)
    return url && url.length <= limits.url ? [{ type: 'button', action_id: `open:${index}`, text, url, ...style }] : []
  })
  return elements.length === 0 ? undefined : { type: 'actions', elements: elements.slice(0, limits.actions) }
}

type RichTextBlock = Extract<KnownBlock, { type: 'rich_text' }>
const rich = (elements: RichTextBlock['elements']): KnownBlock => ({ type: 'rich_text', elements })
const section = (parts: (RichTextElement | string)[]): RichTextSection => ({
  type: 'rich_text_section',
  elements: parts.map((part) => (typeof part === 'string' ? letters(part) : part)),
})

const sizeOf = (element: RichTextElement): number =>
  'text' in element && typeof element.text === 'string' ? element.text.length : 20

const plain = (text: Text): string => (Array.isArray(text) ? text : [text]).map(plainPart).join('')

function plainPart(part: Inline): string {
  if (typeof part === 'string') return part
  if ('strong' in part) return part.strong
  if ('code' in part) return part.code
  if ('time' in part) return timeWords(part.time, part.as)
  if ('address' in part) return part.name ?? shortAddress(part.address)
  return 'label' in part ? part.label : ''
}
