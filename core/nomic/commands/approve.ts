import { defineCommand, type Arg } from '../../command.ts'
import { UserError } from '../../errors.ts'
import { openApproving } from '../approving.ts'
import { findNomic } from '../contracts.ts'
import { approveView } from '../views/approve.ts'
import { completeSpell, parseSpell } from './nomic-args.ts'

/** `/approve nomic-s3 nomic-s4`: one signature for up to five spells; `none` approves of no spell, `launch` wakes the chief. */
export const approve = defineCommand({
  name: 'approve',
  description: 'Approve of spells with what you have locked: one signature, no gas',
  args: { spells: spellsArg('Spells like nomic-s3, up to five; none; or launch') },
  audience: 'caller',
  access: 'linked',
  byLink: () => true,
  async run(ctx, { caller, person, args }) {
    if (!person) throw new UserError('This account is not linked to a wallet yet.', { hint: '/link' })
    return approveView(await openApproving(ctx, { person, caller, dao: await findNomic(ctx), names: args.spells }))
  },
})

function spellsArg(description: string): Arg<string[]> {
  return {
    description,
    required: true,
    rest: true,
    parse(line) {
      const words = line.split(/[\s,]+/).filter((word) => word !== '')
      const [only = ''] = words
      if (words.length === 1 && ['none', 'launch'].includes(only.toLowerCase())) return [only.toLowerCase()]
      return words.map(parseSpell)
    },
    complete: completeSpell,
  }
}
