/** What every renderer does with words before its platform sees them. */

/** Only links that lead to a web page: `javascript:` and the like are text. */
export function safeUrl(url: string | undefined): string | undefined {
  if (url === undefined || !URL.canParse(url)) return undefined
  const parsed = new URL(url)
  return parsed.protocol === 'https:' || parsed.protocol === 'http:' ? parsed.href : undefined
}

const invisible =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200b\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/gu

/** At most `limit` characters, never half an emoji, and nothing that turns or hides the text around it. */
export function cut(value: string, limit: number): string {
  const clean = value
    .slice(0, limit + 200)
    .replaceAll(invisible, '')
    .toWellFormed()
  if (clean.length <= limit) return clean
  const whole = clean.slice(0, Math.max(1, limit - 1))
  return `${/[\ud800-\udbff]$/.test(whole) ? whole.slice(0, -1) : whole}…`
}

/** `0xf39F…2266` */
export const shortAddress = (address: string): string =>
  address.length > 14 ? `${cut(address.slice(0, 6), 6)}…${cut(address.slice(-4), 4)}` : cut(address, 14)

/** Where a block explorer shows a transaction. */
export function txUrl(hash: string, explorerUrl: string | undefined): string | undefined {
  if (!/^0x[0-9a-fA-F]{64}$/.test(hash) || !explorerUrl) return undefined
  return safeUrl(new URL(`tx/${hash}`, explorerUrl.replace(/\/*$/, '/')).href)
}

/** A bar for a share between 0 and 1, and the share in words. */
export function bar(share: number, width: number): { bar: string; percent: string } {
  const part = Math.min(1, Math.max(0, Number.isFinite(share) ? share : 0))
  const full = Math.round(part * width)
  return {
    bar: '█'.repeat(full) + '░'.repeat(width - full),
    percent: `${(part * 100).toFixed(part > 0 && part < 0.1 ? 1 : 0)} %`,
  }
}

/** A moment in the readers' zone and language: `5 January 2026, 14:00 CET`. Empty for no moment. */
export function timeWords(
  seconds: number,
  as: 'relative' | 'date' | 'datetime' = 'relative',
  { zone = 'UTC', lang = 'en-GB' }: { zone?: string | undefined; lang?: string | undefined } = {},
): string {
  const at = new Date(seconds * 1_000)
  if (Number.isNaN(at.getTime())) return 'an unknown time'
  const day = { day: 'numeric', month: 'short', year: 'numeric' } as const
  const clock = { hour: '2-digit', minute: '2-digit', timeZoneName: 'short' } as const
  return new Intl.DateTimeFormat(lang === 'en' ? 'en-GB' : lang, {
    ...day,
    ...(as === 'date' ? {} : clock),
    timeZone: zone,
  }).format(at)
}
