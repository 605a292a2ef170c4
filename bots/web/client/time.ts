/** Puts every `<time>` into the reader's own zone and words; the server wrote UTC, which stays for those without scripts. */
const units: [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
]
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' })
const full = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' })
const day = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' })

function words(at: Date, as: string | undefined): string {
  if (as === 'date') return day.format(at)
  if (as !== 'relative') return full.format(at)
  const seconds = (at.getTime() - Date.now()) / 1_000
  const [unit, size] = units.find(([, length]) => Math.abs(seconds) >= length) ?? ['minute', 60]
  if (Math.abs(seconds) < 60) return seconds < 0 ? 'just now' : 'in less than a minute'
  return relative.format(Math.round(seconds / size), unit)
}

export function localiseTimes(root: ParentNode = document): void {
  for (const element of root.querySelectorAll<HTMLTimeElement>('time[datetime]')) {
    const at = new Date(element.dateTime)
    if (Number.isNaN(at.getTime())) continue
    const said = words(at, element.dataset['as'])
    if (element.textContent !== said) element.textContent = said
    element.title = full.format(at)
  }
}

localiseTimes()
setInterval(localiseTimes, 15_000)
