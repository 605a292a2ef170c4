import { openBallot } from '../open.ts'
import { arg, defineCommand, type Arg } from '../../command.ts'
import { UserError } from '../../errors.ts'
import { supports, type Support } from '../../voting/support.ts'
import { ballotPageView } from '../views/ballot-page.ts'
import { single } from '../../voting/single.ts'
import { proposalArg } from '../../args.ts'

/** `/vote ens-42 for because it is needed`: one signature on a page, no gas. */
export const vote = defineCommand({
  name: 'vote',
  description: 'Vote on an open proposal',
  args: {
    proposal: proposalArg('Which proposal'),
    choice: choiceArg('Your vote'),
    reason: arg.optional(arg.text('Why, for everyone to read')),
  },
  audience: 'caller',
  access: 'linked',
  byLink: () => true,
  async run(ctx, { caller, person, args }) {
    if (!person) throw new UserError('This account is not linked to a wallet yet.', { hint: '/link' })
    return ballotPageView(
      await openBallot(ctx, { person, caller, ref: args.proposal, support: args.choice, reason: args.reason }),
    )
  },
})

function choiceArg(description: string): Arg<Support> {
  const choices = supports.map(({ value, label }) => ({ value, label }))
  return { ...arg.choice(description, choices), parse: (word) => single.parse(word) }
}
