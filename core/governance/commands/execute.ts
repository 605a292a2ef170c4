import { openAction, relayAction } from '../../actions/open.ts'
import { defineCommand, type AnyCommand } from '../../command.ts'
import { UserError } from '../../errors.ts'
import { assertStep, stepCall, type Step } from '../execute.ts'
import { findProposal } from '../proposal.ts'
import { open, run, text, time } from '../../view.ts'
import { proposalArg } from '../../args.ts'

const words: Record<Step, { description: string; title: string; doing: string; about: string }> = {
  queue: {
    description: 'Put an accepted proposal into its timelock; anybody may',
    title: 'Queue',
    doing: 'is on its way into the timelock',
    about: 'What was decided goes into the timelock and waits there for its time. Anybody may do this.',
  },
  execute: {
    description: 'Have done what was decided; anybody may',
    title: 'Execute',
    doing: 'is being executed',
    about: 'What was decided is done. Anybody may do this.',
  },
}

/** `/queue auto-6`, `/execute auto-6`: relayed where there is a relayer, else by the person's own wallet. */
const stepCommand = (step: Step): AnyCommand =>
  defineCommand({
    name: step,
    description: words[step].description,
    args: { proposal: proposalArg('Which proposal, like ens-42') },
    audience: 'caller',
    access: 'linked',
    async run(ctx, { caller, person, args }) {
      const [wallet] = person?.wallets ?? []
      if (!person || !wallet) throw new UserError('This account is not linked to a wallet yet.', { hint: '/link' })
      const proposal = await findProposal(ctx, args.proposal)
      assertStep(proposal, step)
      const { title, doing, about } = words[step]
      const asked = {
        person,
        caller,
        wallet: wallet.address,
        title: `${title} ${proposal.ref}`,
        about,
        rows: { Proposal: `${proposal.ref}: ${proposal.title}` },
        next: [{ label: 'The proposal', run: `proposal ${proposal.ref}` }],
      }
      const call = { label: `${title} ${proposal.ref}`, ...stepCall(proposal, step) }
      if (ctx.chain.relayer) {
        await relayAction(ctx, { ...asked, ...call })
        return {
          title: `${proposal.ref} ${doing}`,
          tone: 'good',
          body: [text('AutoCo sends the transaction and pays for it. The message in private follows it.')],
          actions: [run('The proposal', `proposal ${proposal.ref}`)],
        }
      }
      const page = await openAction(ctx, { ...asked, steps: [{ kind: 'send', ...call }] })
      return {
        title: `${title} ${proposal.ref}`,
        body: [text('Your wallet sends one transaction. The page expires ', time(page.expiresAt), '.')],
        actions: [open(title, page.url, 'primary')],
      }
    },
  })

export const queue = stepCommand('queue')
export const execute = stepCommand('execute')
