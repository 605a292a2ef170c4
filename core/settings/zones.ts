import { UserError } from '../errors.ts'

/**
 * The runtime lists the names that zones had first; the tz database has renamed these since (`backward` of its release
 * 2026a), and people know the new ones. https://data.iana.org/time-zones/tzdb/backward
 */
const renamed: Record<string, string> = {
  'Africa/Asmera': 'Africa/Asmara',
  'America/Buenos_Aires': 'America/Argentina/Buenos_Aires',
  'America/Catamarca': 'America/Argentina/Catamarca',
  'America/Coral_Harbour': 'America/Atikokan',
  'America/Cordoba': 'America/Argentina/Cordoba',
  'America/Godthab': 'America/Nuuk',
  'America/Indianapolis': 'America/Indiana/Indianapolis',
  'America/Jujuy': 'America/Argentina/Jujuy',
  'America/Louisville': 'America/Kentucky/Louisville',
  'America/Mendoza': 'America/Argentina/Mendoza',
  'Asia/Calcutta': 'Asia/Kolkata',
  'Asia/Katmandu': 'Asia/Kathmandu',
  'Asia/Rangoon': 'Asia/Yangon',
  'Asia/Saigon': 'Asia/Ho_Chi_Minh',
  'Atlantic/Faeroe': 'Atlantic/Faroe',
  'Europe/Kiev': 'Europe/Kyiv',
  'Pacific/Enderbury': 'Pacific/Kanton',
  'Pacific/Ponape': 'Pacific/Pohnpei',
  'Pacific/Truk': 'Pacific/Chuuk',
}

let listed: string[] | undefined

/** Names to choose from, under what each is called now. */
export const zones = (): string[] =>
  (listed ??= [
    ...new Set([
      'UTC',
      ...Intl.supportedValuesOf('timeZone').map((name) => (isZone(renamed[name]) ? renamed[name]! : name)),
    ]),
  ].toSorted((a, b) => Number(b === 'UTC') - Number(a === 'UTC') || (a < b ? -1 : 1)))

/** The runtime can tell the time there, whatever name it lists the zone under; offsets such as `+05:30` are no names. */
function isZone(name: string | undefined): name is string {
  if (name === undefined || !/^[a-z]/i.test(name)) return false
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}

/** `Asia/Kolkata`, `kolkata` or `US/Pacific` as it is written. Throws UserError for what is none. */
export function readZone(typed: string): string {
  const bare = typed.trim().replaceAll(' ', '_')
  const wanted = bare.toLowerCase()
  const names = [...zones(), ...Object.keys(renamed)]
  const found =
    names.find((name) => name.toLowerCase() === wanted) ??
    names.find((name) => name.toLowerCase().endsWith(`/${wanted}`))
  if (found) return found
  // Older names and abbreviations, such as US/Pacific, are in no list.
  if (isZone(bare))
    return bare === wanted ? new Intl.DateTimeFormat('en', { timeZone: bare }).resolvedOptions().timeZone : bare
  throw new UserError(`“${typed.slice(0, 40)}” is not a time zone.`, {
    hint: 'Say it as the tz database does: Europe/Berlin, America/New_York or UTC.',
    code: 'usage',
  })
}
