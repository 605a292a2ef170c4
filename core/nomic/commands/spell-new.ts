import { arg, defineCommand } from '../../command.ts'
import { UserError } from '../../errors.ts'
import { findNomic } from '../contracts.ts'
import { openDraft } from '../draft.ts'
import { spellDraftView } from '../views/spell-draft.ts'

const days = [7, 14, 30, 90, 180].map((count) => ({ value: String(count), label: `${count} days` }))
const hours = [
  { value: 'always', label: 'At any time' },
  { value: 'office', label: 'Office hours only' },
]

/** `/spell-new "Pay the audit" 30 office "pay 0x… 100" Why we should.`: a spell without programming. */
export const spellNew = defineCommand({
  name: 'spell-new',
  description: 'Write a spell: a text, and what it does on the chain',
  args: {
    title: arg.word('Title'),
    days: arg.choice('Days in which it may be plotted', days),
    hours: arg.choice('When it may be cast', hours),
    calls: arg.word('What it does, one call a line or with ;, such as pay 0x… 100'),
    text: arg.text('Why, for everyone to read before they approve'),
  },
  audience: 'caller',
  access: 'linked',
  byLink: () => true,
  async run(ctx, { caller, person, args }) {
    if (!person) throw new UserError('This account is not linked to a wallet yet.', { hint: '/link' })
    const { title, calls, text } = args
    const asked = { title, calls, text, days: Number(args.days), officeHours: args.hours === 'office' }
    return spellDraftView(await openDraft(ctx, { person, caller, dao: await findNomic(ctx), asked }))
  },
})
