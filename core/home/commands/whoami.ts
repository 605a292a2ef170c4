import { defineCommand } from '../../command.ts'
import { UserError } from '../../errors.ts'
import { whatIsKnown } from '../whoami.ts'
import { whoamiView } from '../views/whoami.ts'

export const whoami = defineCommand({
  name: 'whoami',
  description: 'What AutoCo knows of you',
  args: {},
  audience: 'caller',
  access: 'linked',
  byLink: () => true,
  async run(ctx, { person }) {
    if (!person) throw new UserError('This account is not linked to a wallet yet.', { hint: '/link' })
    return whoamiView(await whatIsKnown(ctx, person))
  },
})
