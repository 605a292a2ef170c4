import { findReceipt, recentBallots } from '../receipt.ts'
import { arg, defineCommand } from '../../command.ts'
import { UserError } from '../../errors.ts'
import { pageUrl } from '../../origin.ts'
import { receiptsView, receiptView } from '../views/receipt.ts'

/** `/receipt 5c504ed4` says what became of a ballot, `/receipt` alone lists the newest of the caller's own. */
export const receipt = defineCommand({
  name: 'receipt',
  description: 'What became of your ballots',
  args: {
    id: arg.optional(arg.word('The id of a ballot, or its first eight digits')),
  },
  audience: 'caller',
  access: 'anyone',
  byLink: () => true,
  async run(ctx, { person, args }) {
    if (args.id !== undefined) {
      const found = await findReceipt(ctx, { id: args.id })
      return receiptView(found, pageUrl(ctx.config, `/r/${found.id}`))
    }
    if (!person) throw new UserError('This account is not linked to a wallet yet.', { hint: '/link' })
    return receiptsView(await recentBallots(ctx, { wallets: person.wallets.map((wallet) => wallet.address) }))
  },
})
