import { arg, defineCommand } from '../../command.ts'
import { unlink as unlinkIdentity } from '../unlink.ts'
import { unlinkedView } from '../views/identity.ts'

/** `/unlink` takes this account away from its person, `/unlink 0x…` one of the wallets. */
export const unlink = defineCommand({
  name: 'unlink',
  description: 'Unlink this account, or one wallet',
  args: { wallet: arg.optional(arg.word('Address of a wallet; this account when left out')) },
  audience: 'caller',
  access: 'linked',
  run: async (ctx, { caller, args }) => unlinkedView(await unlinkIdentity(ctx, { caller, address: args.wallet })),
})
