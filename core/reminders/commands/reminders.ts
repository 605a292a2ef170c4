import { arg, defineCommand } from '../../command.ts'
import { UserError } from '../../errors.ts'
import { saidOf, say } from '../consent.ts'
import { snoozeProposal } from '../snooze.ts'
import { specs } from '../../settings/specs.ts'
import { zones } from '../../settings/zones.ts'
import { remindersView } from '../views/reminders.ts'

const weekMs = 7 * 86_400_000

/** `/reminders on` lets AutoCo write to this account in private, `/reminders snooze ens-42` puts one vote off. */
export const reminders = defineCommand({
  name: 'reminders',
  description: 'Private reminders of votes you have not cast yet',
  args: {
    what: arg.optional(
      arg.choice('What to do', [
        { value: 'on', label: 'Write to me here' },
        { value: 'off', label: 'Never write to me' },
        { value: 'snooze', label: 'Put off one vote, or all for a week' },
        { value: 'zone', label: 'My time zone, so that nights are quiet' },
      ]),
    ),
    value: {
      ...arg.optional(arg.text('A proposal to put off, or a time zone like Europe/Berlin')),
      complete: async (_ctx, prefix) =>
        zones()
          .filter((name) => name.toLowerCase().includes(prefix.toLowerCase()))
          .map((name) => ({ value: name, label: name })),
    },
  },
  audience: 'caller',
  access: 'anyone',
  byLink: ({ what }) => what === undefined,
  async run(ctx, { caller, person, args: { what, value } }) {
    if (what === 'on' || what === 'off')
      await say(ctx, caller, { wanted: what === 'on', ...(what === 'on' ? { snoozedUntil: null } : {}) })
    if (what === 'zone') {
      if (value === undefined)
        throw new UserError('Which time zone?', { hint: '/reminders zone Europe/Berlin', code: 'usage' })
      await say(ctx, caller, { zone: specs.zone.read(value) })
    }
    let until: number | undefined
    if (what === 'snooze' && value !== undefined) {
      if (!person) throw new UserError('This account is not linked to a wallet yet.', { hint: '/link' })
      until = await snoozeProposal(ctx, { person, ref: value.toLowerCase() })
    } else if (what === 'snooze') await say(ctx, caller, { snoozedUntil: new Date((until = ctx.now() + weekMs)) })
    const said = await saidOf(ctx.db, caller)
    return remindersView({ said, isLinked: person !== undefined, ref: value, until })
  },
})
