import type { Context } from '../../context.ts'
import { UserError } from '../../errors.ts'
import { has, type Channel, type ChecksChannels } from '../../platform.ts'

/** A channel in which nothing could be shown is not set up: says what is missing, before anything is changed. */
export async function refuseMissing(ctx: Pick<Context, 'platform'>, channel: Channel): Promise<void> {
  const platform = ctx.platform?.(channel.platform)
  if (!has<ChecksChannels>(platform, 'missing')) return
  const missing = await platform.missing(channel)
  if (missing.length === 0) return
  throw new UserError(`AutoCo lacks ${missing.join(', ')} in this channel.`, {
    hint: 'Give it that in the settings of the channel or of the server, then type the command again.',
    code: 'permissions',
  })
}
