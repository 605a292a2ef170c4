import type { InlineKeyboardButton, MessageEntity } from 'grammy/types'
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

/** What Telegram takes; longer things are cut, and a link leads to the whole. Texts in UTF-16 units, data in bytes. */
export const limits = {
  text: 4_096,
  title: 200,
  value: 600,
  items: 30,
  fields: 24,
  rows: 15,
  entities: 95,
  data: 64,
  label: 60,
  buttons: 30,
  inRow: 3,
  rowLength: 30,
}

export type Rendered = { text: string; entities: MessageEntity[]; keyboard: InlineKeyboardButton[][] }
export type RenderOptions = {
  explorerUrl?: string | undefined
  /** The data of a button for a command line; longer ones are parked. */
  dataOf?: (line: string) => string
  /** Where a button leads whose answer is for one person alone; undefined where the bot answers it itself. */
  linkOf?: (line: string) => string | undefined
  /** A button that opens a page: a Mini App where that is possible. */
  openBy?: (label: string, url: string) => InlineKeyboardButton
}

/** View → text with entities, pure. No markup is parsed, and nothing of a stranger's becomes a name, a command or a link. */
export function renderView(view: View, options: RenderOptions = {}): Rendered {
  const writer = createWriter()
  const url = safeUrl(view.url)
  if (view.title !== undefined) {
    const tone = view.tone === 'good' ? '✅ ' : view.tone === 'bad' ? '⛔ ' : ''
    writer.add(tone)
    writer.add(quiet(cut(view.title, limits.title)) || 'Untitled', 'bold', url)
    writer.add('\n\n')
  }
  for (const block of view.body) {
    if (writer.isFull()) break
    writeBlock(writer, block, view, options)
  }
  const { text, entities } = writer.done(url)
  return { text, entities, keyboard: keyboardOf(view.actions ?? [], options) }
}

type Kind = 'bold' | 'code' | 'pre' | 'italic' | 'blockquote'
type Writer = ReturnType<typeof createWriter>

function createWriter() {
  let text = ''
  let isCut = false
  const entities: MessageEntity[] = []
  const tail = '\n\nCut here. '
  const whole = 'Read the whole'
  const most = limits.text - tail.length - whole.length - 1
  const isFull = (): boolean => isCut || text.length >= most || entities.length >= limits.entities
  return {
    isFull,
    cut: () => void (isCut = true),
    length: () => text.length,
    mark(type: 'blockquote', offset: number): void {
      const length = text.trimEnd().length - offset
      if (length > 0) entities.push({ type, offset, length })
    },
    add(words: string, kind?: Kind, url?: string, at?: { unix: number; format: string }): void {
      if (isFull() || words === '') return
      const shown = cut(words, Math.max(1, most - text.length))
      if (shown.length < words.length && text.length + words.length > most) isCut = true
      const span = { offset: text.length, length: shown.trimEnd().length }
      text += shown
      if (span.length <= 0) return
      if (kind !== undefined) entities.push({ type: kind, ...span })
      if (url !== undefined) entities.push({ type: 'text_link', url, ...span })
      if (at !== undefined)
        entities.push({ type: 'date_time', unix_time: at.unix, date_time_format: at.format as 'r', ...span })
    },
    done(url: string | undefined): { text: string; entities: MessageEntity[] } {
      if (entities.length >= limits.entities) isCut = true
      text = text.trimEnd()
      if (text === '') text = 'Nothing to show.'
      if (isCut) {
        text += tail
        if (url !== undefined) {
          entities.push({ type: 'text_link', url, offset: text.length, length: whole.length })
          text += whole
        }
      }
      // An entity must end within the text, which may have lost blanks at its end.
      return { text, entities: entities.filter(({ offset, length }) => offset + length <= text.length) }
    },
  }
}

function writeBlock(writer: Writer, block: Block, view: View, options: RenderOptions): void {
  switch (block.type) {
    case 'text': {
      const from = writer.length()
      writeText(writer, block.text, { view, options, kind: block.style === 'heading' ? 'bold' : undefined })
      if (block.style === 'quote') writer.mark('blockquote', from)
      return writer.add(block.style === 'heading' ? '\n' : '\n\n')
    }
    case 'fields':
      for (const { label, value } of block.fields.slice(0, limits.fields)) {
        writer.add(`${quiet(cut(label, limits.label))}: `, 'bold')
        writeText(writer, value, { view, options })
        writer.add('\n')
      }
      if (block.fields.length > limits.fields) writer.cut()
      return writer.add('\n')
    case 'tally': {
      const rows = block.rows.slice(0, limits.rows)
      const width = Math.min(12, Math.max(0, ...rows.map(({ label }) => cut(label, 12).length)))
      const lines = rows.map(({ label, share, value }) => {
        const { bar: drawn, percent } = bar(share, 8)
        return `${cut(label, 12).padEnd(width)} ${drawn} ${percent.padStart(5)}\n${' '.repeat(width)} ${cut(value, 40)}`
      })
      if (block.rows.length > rows.length) lines.push(`and ${block.rows.length - rows.length} more`)
      if (lines.length > 0) writer.add(lines.join('\n'), 'pre')
      writer.add('\n')
      if (block.note !== undefined) writeText(writer, block.note, { view, options })
      return writer.add('\n\n')
    }
    case 'list':
      for (const item of block.items.slice(0, limits.items)) {
        writer.add('• ')
        writeText(writer, item, { view, options })
        writer.add('\n')
      }
      if (block.items.length > limits.items) writer.cut()
      return writer.add('\n')
    case 'image': {
      // A picture of another host would be fetched and shown unasked, so it is offered as a link.
      writer.add('Image: ')
      writer.add(quiet(cut(block.alt, limits.label)) || 'picture', undefined, safeUrl(block.url))
      return writer.add('\n\n')
    }
    case 'divider':
      return writer.add('—————\n')
  }
}

type Writing = { view: View; options: RenderOptions; kind?: Kind | undefined }

function writeText(writer: Writer, text: Text, writing: Writing): void {
  const parts = Array.isArray(text) ? text : [text]
  for (const part of parts) {
    if (writer.isFull()) return
    writeInline(writer, part, writing)
  }
}

function writeInline(writer: Writer, part: Inline, { view, options, kind }: Writing): void {
  if (typeof part === 'string') return writer.add(quiet(cut(part, limits.text)), kind)
  if ('time' in part) return writeTime(writer, part.time, part.as ?? 'relative', view)
  if ('address' in part) {
    if (part.name !== undefined) writer.add(`${quiet(cut(part.name, limits.label))} `, kind)
    return writer.add(shortAddress(part.address), 'code')
  }
  if ('tx' in part) {
    const short = `${cut(part.tx.slice(0, 10), 10)}…${cut(part.tx.slice(-4), 4)}`
    const url = txUrl(part.tx, options.explorerUrl)
    return writer.add(short, url === undefined ? 'code' : undefined, url)
  }
  // A name in words: whoever is spoken of need not be called.
  if ('mention' in part) return writer.add(quiet(`@${cut(part.mention.name, limits.label)}`), kind)
  if ('strong' in part) return writer.add(quiet(cut(part.strong, limits.value)), 'bold')
  if ('code' in part) return writer.add(cut(part.code, limits.value), 'code')
  const url = safeUrl(part.link)
  const label = quiet(cut(part.label, limits.title)) || (url ? new URL(url).host : '')
  writer.add(label, kind, url)
}

/** Telegram shows a moment in each reader's own zone; the words are for clients that cannot. */
function writeTime(writer: Writer, seconds: number, as: 'relative' | 'date' | 'datetime', view: View): void {
  const words = timeWords(seconds, as, view)
  const isMoment = Number.isSafeInteger(seconds) && seconds > 0 && seconds < 4e9
  const format = as === 'date' ? 'D' : as === 'datetime' ? 'Dt' : 'r'
  writer.add(words, undefined, undefined, isMoment ? { unix: seconds, format } : undefined)
}

const joiner = '\u2060'

/** Names, commands, tags and addresses in plain text would be made into links: a mark that nobody sees keeps them words. */
export const quiet = (words: string): string =>
  words
    .replaceAll(/[@#$](?=[\p{L}\p{N}_])/gu, (sign) => sign + joiner)
    .replaceAll(/(?<![\w/])\/(?=\w)/g, `/${joiner}`)
    .replaceAll('://', `:${joiner}//`)
    .replaceAll(/(?<=[\p{L}\p{N}-])\.(?=\p{L})/gu, `.${joiner}`)

function keyboardOf(actions: readonly Action[], options: RenderOptions): InlineKeyboardButton[][] {
  const dataOf = options.dataOf ?? ((line: string) => line)
  const openBy = options.openBy ?? ((text: string, url: string): InlineKeyboardButton => ({ text, url }))
  const buttons = actions.slice(0, limits.buttons).flatMap((action): InlineKeyboardButton[] => {
    const text = cut(action.label, limits.label) || '…'
    if ('run' in action) {
      const link = options.linkOf?.(action.run)
      if (link !== undefined) return [{ text, url: link }]
      const data = dataOf(action.run)
      return data === '' || Buffer.byteLength(data) > limits.data ? [] : [{ text, callback_data: data }]
    }
    const url = safeUrl(action.open)
    return url === undefined ? [] : [openBy(text, url)]
  })
  const rows: InlineKeyboardButton[][] = []
  for (const button of buttons) {
    const row = rows.at(-1)
    const length = (row ?? []).reduce((sum, { text }) => sum + text.length, button.text.length)
    if (row && row.length < limits.inRow && length <= limits.rowLength) row.push(button)
    else rows.push([button])
  }
  return rows
}
