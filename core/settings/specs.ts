import { UserError } from '../errors.ts'
import { languages, type Language } from '../words/languages.ts'
import type { SettingName } from './names.ts'
import { readZone } from './zones.ts'

/** One thing that can be set. `read` makes what was typed into what is kept, or says what is allowed. */
type Spec = {
  label: string
  /** For each DAO on its own, or for the whole channel. */
  scope: 'dao' | 'channel'
  usual: string
  read(typed: string): string
}

export const usualMarks = '50,90'
const mostMarks = 3

const event = (label: string, usual: 'on' | 'off'): Spec => ({ label, scope: 'dao', usual, read: onOrOff })

/** Every setting, one line each. */
export const specs: Record<SettingName, Spec> = {
  new: event('New proposals', 'on'),
  ending: event('A vote ends soon', 'on'),
  result: event('Results', 'on'),
  queued: event('Queued', 'on'),
  executed: event('Executed', 'on'),
  power: event('Voting power moves', 'off'),
  reminders: { label: 'Reminders to those who have not voted', scope: 'dao', usual: usualMarks, read: marks },
  zone: { label: 'Time zone', scope: 'channel', usual: 'UTC', read: readZone },
  language: { label: 'Language', scope: 'channel', usual: 'en', read: language },
  quiet: { label: 'Quiet hours', scope: 'channel', usual: 'off', read: quiet },
}

export const settingNames = Object.keys(specs) as SettingName[]

const refuse = (typed: string, what: string, hint: string): UserError =>
  new UserError(`“${typed.slice(0, 40)}” is not ${what}.`, { hint, code: 'usage' })

const switches: Record<string, string> = { on: 'on', yes: 'on', off: 'off', no: 'off', none: 'off' }

function onOrOff(typed: string): string {
  const value = switches[typed.toLowerCase()]
  if (!value) throw refuse(typed, 'on or off', 'Say on or off.')
  return value
}

function marks(typed: string): string {
  const word = switches[typed.toLowerCase()]
  if (word) return word === 'on' ? usualMarks : word
  const parts = typed.split(/[\s,;%]+/).filter(Boolean)
  const numbers = [...new Set(parts.map(Number))].sort((a, b) => a - b)
  const isGood = numbers.length > 0 && numbers.length <= mostMarks
  if (!isGood || numbers.some((mark) => !Number.isInteger(mark) || mark < 1 || mark > 99))
    throw refuse(
      typed,
      'a time to remind at',
      'Say on, off, or up to three percents of the time to vote, such as: 50 90',
    )
  return numbers.join(',')
}

function language(typed: string): string {
  const wanted = typed.trim().toLowerCase()
  const found = Object.entries(languages).find(([key, name]) => key === wanted || name.toLowerCase() === wanted)
  if (!found) {
    const known = Object.entries(languages).map(([key, name]) => `${key} (${name})`)
    throw refuse(typed, 'a language that AutoCo speaks', `Say one of ${known.join(', ')}.`)
  }
  return found[0] satisfies string as Language
}

function quiet(typed: string): string {
  const bare = typed.replaceAll(/\s/g, '').toLowerCase()
  if (switches[bare] === 'off') return 'off'
  const match = /^(\d{1,2})(?::(\d{2}))?[-–—](\d{1,2})(?::(\d{2}))?$/.exec(bare)
  const hint = 'Say from when to when, by the channel’s clock, such as 22:00-08:00, or off.'
  if (!match) throw refuse(typed, 'a time of the day', hint)
  const [from, to] = [clockOf(match[1], match[2]), clockOf(match[3], match[4])]
  if (!from || !to || from === to) throw refuse(typed, 'a time of the day', hint)
  return `${from}-${to}`
}

function clockOf(hours = '', minutes = '00'): string | undefined {
  if (Number(hours) > 23 || Number(minutes) > 59) return undefined
  return `${hours.padStart(2, '0')}:${minutes}`
}
