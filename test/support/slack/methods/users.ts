import { refuse } from '../refusal.ts'
import { type Json, type Person, word } from '../state.ts'
import { flag, page, type Method } from './method.ts'

export const userMethods: Record<string, Method> = {
  'users.info': {
    scopes: ['users:read'],
    required: ['user'],
    run: (to, args) => {
      const person = to.state.people.get(word(args['user']))
      if (!person || person.team !== to.workspace.id) refuse('user_not_found')
      return { user: { ...userObject(person), ...(flag(args['include_locale']) ? { locale: person.locale } : {}) } }
    },
  },
  'users.list': {
    scopes: ['users:read'],
    run: (to, args) => {
      const all = [...to.state.people.values()].filter((person) => person.team === to.workspace.id)
      const { items, cursor } = page(all, args, 1_000)
      return { members: items.map(userObject), response_metadata: { next_cursor: cursor } }
    },
  },
}

function userObject(person: Person): Json {
  const { id, team, name, realName, deleted, admin, owner, bot, tz } = person
  const profile = { real_name: realName, display_name: name, real_name_normalized: realName, team }
  const role = { is_admin: admin || owner, is_owner: owner, is_primary_owner: false }
  const base = {
    id,
    team_id: team,
    name,
    deleted,
    real_name: realName,
    profile,
    is_bot: bot,
    is_app_user: false,
    updated: 0,
  }
  if (deleted) return base
  return {
    ...base,
    ...role,
    is_restricted: false,
    is_ultra_restricted: false,
    tz,
    tz_label: tz,
    tz_offset: offsetOf(tz),
  }
}

/** Seconds from UTC now, as Slack tells it beside the zone's name. */
function offsetOf(tz: string): number {
  const parts = new Intl.DateTimeFormat('en', { timeZone: tz, timeZoneName: 'longOffset' }).formatToParts(new Date())
  const [, sign, hours, minutes] =
    /GMT([+-])(\d\d):(\d\d)/.exec(parts.find((each) => each.type === 'timeZoneName')!.value) ?? []
  if (!sign) return 0
  return (sign === '-' ? -1 : 1) * (Number(hours) * 3600 + Number(minutes) * 60)
}
