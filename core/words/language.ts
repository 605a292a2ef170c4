import type { Language } from './languages.ts'
import type { Block, Inline, Text, View } from '../view.ts'
import { phrases } from './phrases.ts'

/** A view as a channel reads it: in its language, with its time zone for platforms that write times themselves. */
export function inLanguage(view: View, { zone, lang }: { zone: string; lang: Language }): View {
  const at = { ...(zone === 'UTC' ? {} : { zone }), ...(lang === 'en' ? {} : { lang }) }
  return lang === 'en' ? { ...at, ...view } : { ...at, ...translated(view, wordsOf(lang)) }
}

type Words = (english: string) => string

/** Only the words of AutoCo's own: what people and models wrote, titles and quotes stay as they are. */
function translated(view: View, say: Words): View {
  return {
    ...view,
    ...(view.title === undefined ? {} : { title: say(view.title) }),
    body: view.body.map((block) => blockIn(block, say)),
    ...(view.actions ? { actions: view.actions.map((action) => ({ ...action, label: say(action.label) })) } : {}),
  }
}

function blockIn(block: Block, say: Words): Block {
  switch (block.type) {
    case 'text':
      return block.style === 'quote' ? block : { ...block, text: textIn(block.text, say) }
    case 'fields':
      return {
        ...block,
        fields: block.fields.map(({ label, value }) => ({ label: say(label), value: textIn(value, say) })),
      }
    case 'tally':
      return {
        ...block,
        rows: block.rows.map((row) => ({ ...row, label: say(row.label), value: say(row.value) })),
        ...(block.note === undefined ? {} : { note: textIn(block.note, say) }),
      }
    case 'list':
      return { ...block, items: block.items.map((item) => textIn(item, say)) }
    default:
      return block
  }
}

const textIn = (text: Text, say: Words): Text =>
  Array.isArray(text) ? text.map((part) => inlineIn(part, say)) : inlineIn(text, say)

function inlineIn(part: Inline, say: Words): Inline {
  if (typeof part === 'string') return say(part)
  return 'strong' in part ? { strong: say(part.strong) } : part
}

const made = new Map<Language, Words>()

function wordsOf(lang: Exclude<Language, 'en'>): Words {
  const known = made.get(lang)
  if (known) return known
  const table = new Map(Object.entries(phrases[lang]))
  const patterns = [...table]
    .filter(([english]) => english.includes('{1}'))
    .map(([english, own]) => [patternOf(english), own] as const)
  const say: Words = (english) => {
    const whole = table.get(english)
    if (whole !== undefined) return whole
    for (const [pattern, own] of patterns) {
      const match = pattern.exec(english)
      if (match) return own.replaceAll(/\{(\d)\}/g, (_, nth: string) => figures(match[Number(nth)] ?? '', lang))
    }
    return figures(english, lang)
  }
  made.set(lang, say)
  return say
}

const patternOf = (english: string): RegExp =>
  new RegExp(`^${english.replaceAll(/[.*+?^$()|[\]\\]/g, String.raw`\$&`).replaceAll(/\{\d\}/g, '([^\\n]{1,200}?)')}$`)

const amount = /^-?\d{1,3}(?:,\d{3})*(?:\.\d+)?(?= \S{1,40}$|$)/

/** `12,500.5 NOMIC` with the signs that the language writes numbers with: elsewhere its comma would be a point. */
function figures(words: string, lang: Language): string {
  return words.replace(amount, (number) => {
    const [whole = '', fraction] = number.split('.')
    const group = lang === 'fr' ? '\u202f' : '.'
    return whole.replaceAll(',', group) + (fraction === undefined ? '' : `,${fraction}`)
  })
}
