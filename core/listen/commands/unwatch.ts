import { defineCommand } from '../../command.ts'
import { findDao } from '../../governance/dao.ts'
import { unwatchDao } from '../watch.ts'
import { unwatchView } from '../views/watch.ts'
import { daoArg } from '../../args.ts'

/** `/unwatch ens`: no more of this DAO in this channel. */
export const unwatch = defineCommand({
  name: 'unwatch',
  description: 'No longer show a DAO’s proposals in this channel',
  args: { dao: daoArg('Which DAO') },
  audience: 'channel',
  access: 'manager',
  async run(ctx, { caller, channel, args }) {
    const dao = await findDao(ctx, args.dao)
    return unwatchView({ dao, wasWatched: await unwatchDao(ctx, { dao, channel, by: caller }) })
  },
})
