import { arg, defineCommand } from '../../command.ts'
import { namedOrOwn } from '../own.ts'
import { readId } from '../read.ts'
import { idView } from '../views/ids.ts'

/** `/id` shows one's own Auto ID, `/id 7` or `/id 0x…` another. */
export const id = defineCommand({
  name: 'id',
  description: 'An Auto ID: who is behind it, who vouches for it, its keys',
  args: { who: arg.optional(arg.word('Its number, or the address that controls it')) },
  audience: 'caller',
  access: 'anyone',
  byLink: () => true,
  async run(ctx, { person, args }) {
    const found = await readId(ctx, await namedOrOwn(ctx, { person, word: args.who }))
    const own = new Set(person?.wallets.map(({ address }) => address))
    const issuer = found.issuers[0]
    return idView(found, {
      isOwn: own.has(found.controller),
      isIssuer: issuer !== undefined && own.has(issuer.controller),
    })
  },
})
