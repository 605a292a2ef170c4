import { cleanText } from './clean.ts'

export type Block = { kind: 'heading' | 'paragraph' | 'item' | 'row' | 'code'; text: string }

const fence = /^ {0,3}(`{3,}|~{3,})/
const heading = /^ {0,3}#{1,6}\s+(.*?)\s*#*\s*$/
const underline = /^ {0,3}(?:=+|-{2,})\s*$/
const rule = /^ {0,3}(?:(?:\*\s*){3,}|(?:-\s*){3,}|(?:_\s*){3,})$/
const item = /^\s*(?:[-*+•]|\d{1,3}[.)])\s+(.*)$/
const tableLine = /^\s*\|?[\s:|-]*-{2,}[\s:|-]*\|?\s*$/
const boldLine = /^\s*(?:\*\*|__)([^*_]{2,80}?):?(?:\*\*|__):?\s*$/

/** Markdown read line by line, in time that grows with its length only: a proposal may be 100 kB made to hurt a parser. */
export function readMarkdown(raw: string): Block[] {
  const blocks: Block[] = []
  const lines = cleanLines(raw)
  let open: Block | undefined
  let fenced: string | undefined
  const close = (): void => {
    if (open) {
      const text = open.kind === 'code' ? open.text.trim() : inline(open.text)
      if (/[\p{L}\p{N}]/u.test(text)) blocks.push({ kind: open.kind, text })
    }
    open = undefined
  }
  for (const line of lines) {
    const mark = fence.exec(line)?.[1]
    if (mark && (!fenced || mark.startsWith(fenced))) {
      close()
      fenced = fenced ? undefined : mark
      if (fenced) open = { kind: 'code', text: '' }
      continue
    }
    if (fenced) {
      if (open) open.text += `${line}\n`
      continue
    }
    const bare = line.replace(/^(?:\s*>){1,20}\s?/, '')
    const head = heading.exec(bare)?.[1] ?? boldLine.exec(bare)?.[1]
    if (head !== undefined) {
      close()
      open = { kind: 'heading', text: head }
      close()
    } else if (underline.test(bare) && open?.kind === 'paragraph') {
      open.kind = 'heading'
      close()
    } else if (!bare.trim() || rule.test(bare) || tableLine.test(bare)) {
      close()
    } else if (item.test(bare)) {
      close()
      open = { kind: 'item', text: item.exec(bare)?.[1] ?? '' }
    } else if (/^\s*\|/.test(bare)) {
      close()
      open = { kind: 'row', text: cells(bare) }
      close()
    } else if (open) open.text += ` ${bare.trim()}`
    else open = { kind: 'paragraph', text: bare.trim() }
  }
  close()
  return blocks
}

/** One line of a stranger's, such as a title, in plain words. */
export function plainLine(raw: string): string {
  return inline(cleanLines(raw.slice(0, 2_000)).join(' '))
}

function cleanLines(raw: string): string[] {
  return unlink(without(without(raw, '<!--', '-->'), '<script', '</script>'))
    .replaceAll(/<(?:br|\/p|\/div|\/li|\/tr|\/h[1-6])\s*\/?>/gi, '\n')
    .replaceAll(/<\/?[a-z][^<>]{0,2000}>/gi, ' ')
    .split(/\r\n|[\n\r\u2028\u2029]/)
}

/** Cuts from each `from` to the next `to`; searched forward only, for an unclosed one must not be searched again. */
function without(text: string, from: string, to: string): string {
  let kept = ''
  let at = 0
  for (;;) {
    const start = text.indexOf(from, at)
    const end = start < 0 ? -1 : text.indexOf(to, start)
    if (end < 0) return kept + text.slice(at)
    kept += `${text.slice(at, start)} `
    at = end + to.length
  }
}

/** Links become their words, images nothing: before the addresses are blanked. */
function unlink(text: string): string {
  return text
    .replaceAll(/!\[[^[\]]{0,500}\](?:\([^()\s]{0,2000}(?:\s+"[^"]{0,300}")?\)|\[[^[\]]{0,100}\])/g, ' ')
    .replaceAll(
      /\[([^[\]]{1,500})\](?:\([^()\s]{0,2000}(?:\([^()\s]{0,500}\)[^()\s]{0,500})?(?:\s+"[^"]{0,300}")?\)|\[[^[\]]{0,100}\])/g,
      '$1',
    )
    .replaceAll(/^ {0,3}\[[^\]\n]{1,100}\]:[^\n]{0,2000}$/gm, '')
}

function cells(line: string): string {
  return line
    .split('|')
    .map((cell) => cell.trim())
    .filter(Boolean)
    .join('; ')
}

function inline(text: string): string {
  return cleanText(decode(text))
    .replaceAll(/`+/g, '')
    .replaceAll(/(?<![\p{L}\p{N}\\])[*_~]{1,3}(?=\S)|(?<=[^\s\\])[*_~]{1,3}(?![\p{L}\p{N}])/gu, '')
    .replaceAll(/[*~]{2,}/g, '')
    .replaceAll(/\\([!-/:-@[-`{-~])/g, '$1')
    .replaceAll(/[<>]/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()
}

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ', '#39': "'" }

function decode(text: string): string {
  return text.replaceAll(/&(amp|lt|gt|quot|apos|nbsp|#39);/g, (all, name: string) => entities[name] ?? all)
}
