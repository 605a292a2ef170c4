import { defineCommand } from '../../command.ts'
import { findTask } from '../find.ts'
import { taskView } from '../views/task.ts'
import { taskArg } from './mesh-args.ts'

/** `/task global-3.2`: how it stands, and what can be done. */
export const task = defineCommand({
  name: 'task',
  description: 'A task of a challenge: how it stands and what can be done',
  args: { task: taskArg('Which one, like global-3.2') },
  audience: 'caller',
  access: 'anyone',
  byLink: () => true,
  async run(ctx, { args }) {
    const [found, block] = await Promise.all([
      findTask(ctx, args.task),
      ctx.chain.client.getBlock().catch(() => undefined),
    ])
    return taskView(found, Number(block?.timestamp ?? 0n))
  },
})
