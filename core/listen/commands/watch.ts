import { arg, defineCommand } from '../../command.ts'
import { watchDao } from '../watch.ts'
import { watchView } from '../views/watch.ts'
import { refuseMissing } from '../../settings/commands/missing.ts'

/** `/watch 0x… ens`: shows a DAO's proposals in this channel from now on. */
export const watch = defineCommand({
  name: 'watch',
  description: 'Show a DAO’s proposals in this channel',
  args: {
    address: arg.word('Address of the governor contract'),
    name: arg.optional(arg.word('Short name for refs, such as ens')),
  },
  audience: 'channel',
  access: 'manager',
  async run(ctx, { caller, channel, args }) {
    await refuseMissing(ctx, channel)
    return watchView(await watchDao(ctx, { address: args.address, slug: args.name, by: caller, channel }))
  },
})
