import { arg, defineCommand } from '../../command.ts'
import { erase as eraseIdentity } from '../erase.ts'
import { erasedView, eraseQuestionView } from '../views/erase.ts'

/** Asks first; `/erase yes` is the answer. */
export const erase = defineCommand({
  name: 'erase',
  description: 'Delete everything AutoCo knows of you',
  args: { sure: arg.optional(arg.choice('yes, to do it', [{ value: 'yes', label: 'Yes, erase everything' }])) },
  audience: 'caller',
  access: 'anyone',
  byLink: ({ sure }) => sure === undefined,
  run: async (ctx, { caller, args }) =>
    args.sure === 'yes' ? erasedView(await eraseIdentity(ctx, { caller })) : eraseQuestionView,
})
