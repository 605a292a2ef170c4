import { parse, validateDetailed } from 'node-cron'
import { UserError } from '../errors.ts'

const days = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday']
const everyWeek: Record<string, string> = { daily: '*', everyday: '*', weekdays: '1-5', weekends: '0,6' }
const filler = new Set(['every', 'day', 'on', 'at', 'and', 'the', 'each'])
const hint = 'Say daily 9:00, weekdays 9:00, mondays 9:00, "mon,thu 17:30", or a cron expression such as 0 9 * * 1'

/**
 * A schedule as people type it (`mondays 9:00`, `weekdays 09:00`, `mon and thu 5pm`) or as cron has it, to a cron
 * expression of five fields that rings once an hour at most.
 */
export function readSchedule(typed: string): string {
  const words = typed.trim().toLowerCase()
  const cron = /^[\d*][^\sa-z]*(\s+\S+){4}$/.test(words) ? words.replaceAll(/\s+/g, ' ') : spoken(words)
  if (cron === undefined)
    throw new UserError(`“${typed.slice(0, 60)}” is not a time that I understand.`, { hint, code: 'usage' })
  const { valid, errors } = validateDetailed(cron)
  if (!valid)
    throw new UserError(`“${typed.slice(0, 60)}” is not a cron expression: ${errors[0]?.message ?? 'it is wrong'}.`, {
      hint,
      code: 'usage',
    })
  if (parse(cron).minute.length > 1)
    throw new UserError('A digest comes once an hour at most.', {
      hint: 'Name one minute: 0 9-17 * * 1-5',
      code: 'usage',
    })
  return cron
}

function spoken(words: string): string | undefined {
  let clock: string | undefined
  const week: string[] = []
  for (const word of words.split(/[\s,;]+/).filter((each) => each !== '' && !filler.has(each))) {
    const time = clockOf(word)
    const day = everyWeek[word] ?? dayOf(word)
    if (time !== undefined && clock === undefined) clock = time
    else if (day !== undefined) week.push(day)
    else return undefined
  }
  return clock === undefined
    ? undefined
    : `${clock} * * ${week.length === 0 || week.includes('*') ? '*' : week.join(',')}`
}

/** `9:00`, `09.30`, `9`, `5pm` to minute and hour as cron has them. */
function clockOf(word: string): string | undefined {
  const match = /^(\d{1,2})(?:[:.](\d{2}))?(am|pm)?$/.exec(word)
  if (!match) return undefined
  const [, hours = '', minutes = '0', half] = match
  const hour = half === undefined ? Number(hours) : (Number(hours) % 12) + (half === 'pm' ? 12 : 0)
  const isTime =
    hour < 24 && Number(minutes) < 60 && (half === undefined || (Number(hours) >= 1 && Number(hours) <= 12))
  return isTime ? `${Number(minutes)} ${hour}` : undefined
}

function dayOf(word: string): string | undefined {
  const bare = word.replace(/s$/, '')
  const at = bare.length < 3 ? -1 : days.findIndex((day) => day.startsWith(bare))
  return at === -1 ? undefined : String(at)
}

const dayMs = 86_400_000
const mostDays = 366 * 8

/**
 * When it rings next, in unix milliseconds, by the clocks of its zone. A time that the clocks jump over rings when they
 * have jumped, one that they show twice rings the first time.
 */
export function nextAfter({ cron, zone }: { cron: string; zone: string }, afterMs: number): number | undefined {
  const { minute, hour, dayOfMonth, month, dayOfWeek } = parse(cron)
  const isDay = (date: Date): boolean => {
    if (!month.includes(date.getUTCMonth() + 1)) return false
    const byMonth = dayOfMonth.includes(date.getUTCDate())
    const byWeek = dayOfWeek.includes(date.getUTCDay())
    // As cron has it: where both are named, either will do.
    return dayOfMonth.length < 31 && dayOfWeek.length < 7 ? byMonth || byWeek : byMonth && byWeek
  }
  const today = Math.floor((afterMs + offsetMs(zone, afterMs)) / dayMs) * dayMs
  for (let day = 0; day < mostDays; day += 1) {
    const midnight = today + day * dayMs
    if (!isDay(new Date(midnight))) continue
    const times = hour.flatMap((hours) =>
      minute.map((minutes) => instant(zone, midnight + (hours * 60 + minutes) * 60_000)),
    )
    const next = times.toSorted((a, b) => a - b).find((at) => at > afterMs)
    if (next !== undefined) return next
  }
  return undefined
}

/** The moment at which the clocks of a zone show this; `wall` is what they show, as if it were UTC. */
function instant(zone: string, wall: number): number {
  const before = offsetMs(zone, wall - dayMs)
  const shown = [before, offsetMs(zone, wall + dayMs)]
    .map((offset) => wall - offset)
    .filter((at) => at + offsetMs(zone, at) === wall)
  return shown.length > 0 ? Math.min(...shown) : wall - before
}

const clocks = new Map<string, Intl.DateTimeFormat>()

function offsetMs(zone: string, at: number): number {
  const clock =
    clocks.get(zone) ??
    new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
  clocks.set(zone, clock)
  const part = Object.fromEntries(clock.formatToParts(at).map(({ type, value }) => [type, Number(value)]))
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(at / 1_000) * 1_000
}
