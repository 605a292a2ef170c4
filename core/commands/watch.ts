import { arg, defineCommand } from '../command.ts'
import type { Context } from '../context.ts'
import { UserError } from '../errors.ts'
import { watchDao } from '../governance/watch.ts'
import { has, type Channel, type ChecksChannels } from '../platform.ts'
import { watchView } from '../views/watch.ts'

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

/** A channel in which nothing could be shown is not set up: says what is missing, before anything is changed. */
async function refuseMissing(ctx: Pick<Context, 'platform'>, channel: Channel): Promise<void> {
  const platform = ctx.platform?.(channel.platform)
  if (!has<ChecksChannels>(platform, 'missing')) return
  const missing = await platform.missing(channel)
  if (missing.length === 0) return
  throw new UserError(`AutoCo lacks ${missing.join(', ')} in this channel.`, {
    hint: 'Give it that in the settings of the channel or of the server, then type the command again.',
    code: 'permissions',
  })
}
