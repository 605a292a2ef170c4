/**
 * A `View` is whatever AutoCo says: a small neutral card. It is plain JSON, so that a job can carry it and a test can
 * compare it, and it holds no markup: text is data, and every renderer escapes it in its platform's own way.
 *
 * @example
 * const view: View = {
 *   title: 'Fund the audit',
 *   body: [text('Ends ', time(1767225600)), tally([{ label: 'For', share: 0.7, value: '70 NOMIC' }])],
 *   actions: [{ label: 'For', run: 'vote nomic-3 for' }],
 * }
 */
export type View = {
  title?: string
  url?: string
  tone?: 'info' | 'good' | 'bad'
  /** The readers' IANA time zone and BCP 47 language, for platforms that do not know them; UTC and English without. */
  zone?: string
  lang?: string
  /** People will talk about it: a platform where threads have to be opened opens one under it. */
  talk?: true
  body: Block[]
  actions?: Action[]
}

/** A button: a command line that anyone might have typed (`run`), or a page (`open`). It carries no authority of its own. */
export type Action = { label: string; style?: 'primary' | 'danger' } & ({ run: string } | { open: string })

export type Block =
  | { type: 'text'; text: Text; style?: 'plain' | 'heading' | 'quote' | 'note' }
  | { type: 'fields'; fields: { label: string; value: Text }[] }
  | { type: 'tally'; rows: TallyRow[]; note?: Text }
  | { type: 'list'; items: Text[] }
  | { type: 'image'; url: string; alt: string }
  | { type: 'divider' }

/** `share` is between 0 and 1, `value` is the weight in words. */
export type TallyRow = { label: string; share: number; value: string }

/** Semantic values let each platform draw its own: `<t:…:R>`, `<!date^…>`, `<time>`. `time` is in unix seconds. */
export type Inline =
  | string
  | { time: number; as?: 'relative' | 'date' | 'datetime' }
  | { address: string; name?: string }
  | { tx: string }
  | { mention: { platform: string; user: string; name: string } }
  | { link: string; label: string }
  | { strong: string }
  | { code: string }

export type Text = Inline | Inline[]

/** JSON as the database takes it: without null characters and halves of characters, which its texts cannot hold. */
export const cleanJson = (data: unknown): string =>
  JSON.stringify(data, (_, value: unknown) =>
    typeof value === 'string' ? value.toWellFormed().replaceAll('\0', '') : value,
  )
export const viewJson = (view: View): string => cleanJson(view)

export const text = (...parts: Inline[]): Block => ({ type: 'text', text: parts })
export const heading = (...parts: Inline[]): Block => ({ type: 'text', text: parts, style: 'heading' })
export const note = (...parts: Inline[]): Block => ({ type: 'text', text: parts, style: 'note' })
export const quote = (...parts: Inline[]): Block => ({ type: 'text', text: parts, style: 'quote' })
export const fields = (entries: Record<string, Text | undefined>): Block => ({
  type: 'fields',
  fields: Object.entries(entries).flatMap(([label, value]) => (value === undefined ? [] : [{ label, value }])),
})
export const list = (...items: Text[]): Block => ({ type: 'list', items })
export const tally = (rows: TallyRow[], foot?: Text): Block => ({
  type: 'tally',
  rows,
  ...(foot === undefined ? {} : { note: foot }),
})
export const divider: Block = { type: 'divider' }

export const time = (seconds: number, as: 'relative' | 'date' | 'datetime' = 'relative'): Inline => ({
  time: seconds,
  as,
})
export const strong = (value: string): Inline => ({ strong: value })
export const code = (value: string): Inline => ({ code: value })
export const address = (value: string, name?: string): Inline => ({
  address: value,
  ...(name === undefined ? {} : { name }),
})
export const tx = (hash: string): Inline => ({ tx: hash })
export const link = (label: string, url: string): Inline => ({ link: url, label })

export const run = (label: string, line: string, style?: 'primary' | 'danger'): Action => ({
  label,
  run: line,
  ...(style ? { style } : {}),
})
export const open = (label: string, url: string, style?: 'primary' | 'danger'): Action => ({
  label,
  open: url,
  ...(style ? { style } : {}),
})
