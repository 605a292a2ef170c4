const units =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(
    ' ',
  )
const tens = 'twenty thirty forty fifty sixty seventy eighty ninety'.split(' ')
const small = new Map([
  ...units.map((word, i): [string, number] => [word, i]),
  ...tens.map((word, i): [string, number] => [word, (i + 2) * 10]),
])
const scales = new Map([
  ['hundred', 1e2],
  ['thousand', 1e3],
  ['million', 1e6],
  ['billion', 1e9],
  ['trillion', 1e12],
])
const suffixes = new Map([
  ['k', 1e3],
  ['m', 1e6],
  ['mm', 1e6],
  ['mn', 1e6],
  ['mio', 1e6],
  ['b', 1e9],
  ['bn', 1e9],
  ['t', 1e12],
])

export type Numeral = {
  text: string
  /** One spelling for one value: `1.2M`, `1,200,000` and "one point two million" are all `1200000`. */
  value: string
  /** An amount, a share or a date decides a vote; a count or an ordinal does not. */
  kind: 'amount' | 'percent' | 'date' | 'plain'
}

const digits =
  /(?<![\w.#])([$€£¥]\s?)?([+−-]?(?:\d{1,3}(?:[,’' \u00a0\u202f]\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)|\.\d+)\s?(?:(k|mm|mn|mio|m|bn|b|t)(?![\p{L}\p{N}])|(hundred|thousand|million|billion|trillion)\b)?\s?(%|per ?cent\b|basis points\b|[a-z]{2,6}\b)?/giu
const share = /^(?:%|per ?cent|bps|basis points)$/i
const currency = /^(?:[A-Z]{2,6}|usdc?|dai|eth|ether|g?wei|op|arb|dollars?|euros?|tokens?|votes?)$/
const hex = /\b0x[0-9a-f]+\b/gi
const months =
  /\b(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\s+(\d{1,2})(?:st|nd|rd|th)?\b|\b(\d{1,2})(?:st|nd|rd|th)?\s+(?:of\s+)?(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b/gi
const iso = /\b\d{4}-\d\d(?:-\d\d)?\b|\b\d{1,2}[/.]\d{1,2}[/.]\d{2,4}\b|\b\d{1,2}:\d\d\b/g

/** Every number of a text, digits and words alike, folded to one spelling. */
export function numeralsOf(raw: string): Numeral[] {
  const text = raw.normalize('NFKC').replaceAll(hex, ' ')
  const found: Numeral[] = []
  let rest = text.replaceAll(iso, (date) => {
    found.push({ text: date, value: date, kind: 'date' })
    return ' '.repeat(date.length)
  })
  rest = rest.replaceAll(months, (date, m1?: string, d1?: string, d2?: string, m2?: string) => {
    found.push({ text: date, value: `${(m1 ?? m2 ?? '').toLowerCase()} ${Number(d1 ?? d2)}`, kind: 'date' })
    return ' '.repeat(date.length)
  })
  for (const [whole, sign, number = '', suffix, scale, unit] of rest.matchAll(digits)) {
    const factor = suffixes.get((suffix ?? '').toLowerCase()) ?? scales.get((scale ?? '').toLowerCase()) ?? 1
    const kind = share.test(unit ?? '')
      ? 'percent'
      : sign || factor > 1 || currency.test(unit ?? '')
        ? 'amount'
        : 'plain'
    found.push({ text: whole.trim(), value: plain(number, factor), kind })
  }
  return [...found, ...spelled(rest)]
}

/** All values of a text, with the loose forms that speech leaves open: "seventy nine twenty eight" is 7928, and 79, and 28. */
export function valuesOf(texts: string[]): Set<string> {
  const values = new Set<string>()
  for (const text of texts) {
    for (const { value, kind } of numeralsOf(text)) {
      values.add(value)
      if (kind === 'date') for (const part of partsOfDate(value)) values.add(part)
    }
    for (const value of spokenDigits(text)) values.add(value)
    // Ordinals, versions and names with digits: #12, v1.2, EIP-7928, 0xabc, 15th.
    const loose = text.replaceAll(hex, ' ').replaceAll(/\d{1,3}(?:[,’']\d{3})+/g, ' ')
    for (const [part] of loose.matchAll(/\d+(?:\.\d+)*/g)) values.add(part.replace(/^0+(?=\d)/, ''))
  }
  return values
}

const monthNames = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ')

/** 2024-05-06 also carries "May 6". */
function partsOfDate(date: string): string[] {
  const [, month, day] = /^\d{4}-(\d\d)-(\d\d)$/.exec(date) ?? []
  const named = month && day ? [`${monthNames[Number(month) - 1]} ${Number(day)}`] : []
  return [...named, ...(date.match(/\d+/g) ?? []).map((part) => plain(part, 1))]
}

function plain(number: string, factor: number): string {
  const [whole = '', part = ''] = number.replaceAll(/[,’'\s\u00a0\u202f+−-]/g, '').split('.')
  const shift = Math.round(Math.log10(factor))
  const moved = `${whole}${part.slice(0, shift).padEnd(shift, '0')}`.replace(/^0+(?=\d)/, '') || '0'
  const left = part.slice(shift).replace(/0+$/, '')
  return left ? `${moved}.${left}` : moved
}

function wordsIn(text: string): string[] {
  return text.toLowerCase().match(/[a-z]+|[^\s\w-]+|\d+/g) ?? []
}

/** "twelve and a half million", "two hundred fifty". A lone "one" is mostly a pronoun. */
function spelled(text: string): Numeral[] {
  const found: Numeral[] = []
  let words: string[] = []
  const close = (next: string): void => {
    while (words.at(-1) === 'and' || words.at(-1) === 'point' || words.at(-1) === 'a') words.pop()
    const value = words.length && words.some((word) => small.has(word)) ? spelledValue(words) : undefined
    if (value !== undefined && !(words.length === 1 && words[0] === 'one'))
      found.push({ text: words.join(' '), value, kind: spelledKind(words, next) })
    words = []
  }
  for (const word of wordsIn(text)) {
    const joins = word === 'and' || word === 'point' || word === 'a' || word === 'half' || word === 'quarter'
    if (small.has(word) || scales.has(word) || (joins && words.length)) words.push(word)
    else close(word)
  }
  close('')
  return found
}

function spelledKind(words: string[], next: string): Numeral['kind'] {
  if (share.test(next)) return 'percent'
  return currency.test(next) || words.some((word) => (scales.get(word) ?? 0) >= 1e3) ? 'amount' : 'plain'
}

function spelledValue(words: string[]): string | undefined {
  let sum = 0
  let group = 0
  let decimals = ''
  let afterPoint = false
  for (const word of words) {
    const value = small.get(word)
    const scale = scales.get(word)
    if (word === 'point') afterPoint = true
    else if (word === 'half') group += 0.5
    else if (word === 'quarter') group += 0.25
    else if (value !== undefined && afterPoint) decimals += String(value)
    else if (value !== undefined) group += value
    else if (scale === 100) group = (group || 1) * 100
    else if (scale) {
      sum += (decimals ? Number(`${group}.${decimals}`) : group || 1) * scale
      group = 0
      decimals = ''
      afterPoint = false
    }
  }
  const total = sum + (decimals ? Number(`${group}.${decimals}`) : group)
  return Number.isFinite(total) ? plain(total.toFixed(6), 1) : undefined
}

/** Numbers read out in pairs or digit by digit. */
function spokenDigits(text: string): string[] {
  const found: string[] = []
  let run: string[] = []
  let ten = 0
  const close = (): void => {
    if (run.length > 1) found.push(run.join(''))
    found.push(...run)
    run = []
  }
  for (const word of wordsIn(text)) {
    const value = small.get(word)
    if (value === undefined) {
      close()
      ten = 0
    } else if (value < 10 && ten) {
      run[run.length - 1] = String(ten + value)
      ten = 0
    } else {
      run.push(String(value))
      ten = value >= 20 ? value : 0
    }
  }
  close()
  return found
}
