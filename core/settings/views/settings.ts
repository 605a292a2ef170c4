import type { DaoRow } from '../../db/tables/governance.ts'
import { languages, type Language } from '../../words/languages.ts'
import { events, type SettingName } from '../names.ts'
import type { RawSettings } from '../settings.ts'
import { settingNames, specs } from '../specs.ts'
import {
  code,
  fields,
  heading,
  list,
  note,
  run,
  strong,
  text,
  type Action,
  type Block,
  type Inline,
  type View,
} from '../../view.ts'

type Dao = Pick<DaoRow, 'slug' | 'name'>
type OfDao = { dao: Dao; settings: RawSettings }

const mostDaos = 8

/** The answer to `/settings`: of the whole channel, or of one DAO in it. Every switch is a button, everything else a form. */
export function settingsView(data: { whole: RawSettings; daos: readonly OfDao[]; dao: Dao | undefined }): View {
  const { whole, daos, dao } = data
  const ofDao = dao && daos.find((each) => each.dao.slug === dao.slug)
  const shown = ofDao?.settings ?? whole
  const names = settingNames.filter((name) => !ofDao || specs[name].scope === 'dao')
  const word = ofDao?.dao.slug ?? 'all'
  return {
    title: ofDao ? `Settings for ${ofDao.dao.name} in this channel` : 'Settings of this channel',
    body: [
      fields(Object.fromEntries(names.map((name) => [specs[name].label, valueWords(name, shown[name])]))),
      ...(ofDao ? [] : daoBlocks(whole, daos)),
      note(
        'Or type it: ',
        code(`/settings ${word} ending off`),
        ...(ofDao
          ? []
          : [', ', code('/settings all zone Europe/Berlin'), ', ', code('/settings all quiet 22:00-08:00')]),
        '.',
      ),
    ],
    actions: [
      ...events.map((name) => toggle(word, name, shown[name])),
      ...names
        .filter((name) => !isEvent(name))
        .map((name) => run(`${short[name] ?? name}…`, `settings ${word} ${name}`)),
      ...(ofDao
        ? [run('All DAOs here', 'settings')]
        : daos
            .slice(0, mostDaos)
            .map((each) => run(`Only ${each.dao.name.slice(0, 40)}`, `settings ${each.dao.slug}`))),
      run('Who changed what', 'audit-log'),
    ],
  }
}

const short: Partial<Record<SettingName, string>> = {
  reminders: 'Reminders',
  zone: 'Time zone',
  language: 'Language',
  quiet: 'Quiet hours',
}
const isEvent = (name: SettingName): boolean => (events as readonly string[]).includes(name)

function toggle(dao: string, name: SettingName, value: string): Action {
  const next = value === 'on' ? 'off' : 'on'
  return run(`Turn ${name} ${next}`, `settings ${dao} ${name} ${next}`)
}

function valueWords(name: SettingName, value: string): Inline[] {
  if (name === 'language') return [languages[value as Language]]
  if (name === 'reminders' && value !== 'off') return [`at ${value.split(',').join(' % and ')} % of the time to vote`]
  if (name === 'quiet' && value !== 'off') return [strong(value), ', nothing new is posted then']
  return [isEvent(name) ? strong(value) : value]
}

function daoBlocks(whole: RawSettings, daos: readonly OfDao[]): Block[] {
  if (daos.length === 0) return [text('No DAO is watched here yet: ', code('/watch <address of its governor>'))]
  return [
    heading('DAOs watched here'),
    list(
      ...daos.map(({ dao, settings }): Inline[] => {
        const own = settingNames.filter((name) => settings[name] !== whole[name])
        return [`${dao.name} (${dao.slug}): `, own.map((name) => `${name} ${settings[name]}`).join(', ') || 'as above']
      }),
    ),
  ]
}
