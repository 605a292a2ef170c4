import { arg, defineCommand } from '../../command.ts'
import { UserError } from '../../errors.ts'
import { confirmLink } from '../confirm.ts'
import { openLink } from '../ticket.ts'
import { linkedView, linkView } from '../views/identity.ts'

/** `/link` gives a page to sign on, `/link 123456` types back the code that the page shows. */
export const link = defineCommand({
  name: 'link',
  description: 'Link a wallet to this account',
  args: {
    code: arg.optional({
      ...arg.text('The six digits that the page shows'),
      parse(word) {
        const digits = word.replace(/[\s-]/g, '')
        if (!/^\d{6}$/.test(digits))
          throw new UserError('A code is six digits, as the page shows it.', { hint: '/link', code: 'usage' })
        return digits
      },
    }),
  },
  audience: 'caller',
  access: 'anyone',
  byLink: ({ code }) => code === undefined,
  async run(ctx, { caller, channel, args }) {
    if (args.code === undefined) return linkView(await openLink(ctx, { caller, channel }))
    const { linked, merged, accounts, wallets } = await confirmLink(ctx, { caller, code: args.code })
    return linkedView({ wallet: linked, merged, accounts: accounts.length, wallets: wallets.length })
  },
})
