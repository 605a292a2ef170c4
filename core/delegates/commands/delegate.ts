import { getAddress, isAddress } from 'viem'
import { openDelegation } from '../../ballots/delegate.ts'
import { arg, defineCommand } from '../../command.ts'
import { delegateWeight } from '../weight.ts'
import { UserError } from '../../errors.ts'
import { findDao } from '../../governance/dao.ts'
import { list, open, text, time } from '../../view.ts'
import { givenWords } from '../views/delegates.ts'
import { daoArg } from '../../args.ts'

/** `/delegate ens` gives a wallet's weight back to itself, `/delegate ens 0x…` to somebody: one signature, no gas. */
export const delegate = defineCommand({
  name: 'delegate',
  description: 'Delegate your weight, to yourself or to someone, without gas',
  args: {
    dao: daoArg('Which DAO'),
    to: arg.optional(arg.word('Address that gets your weight; yourself when left out')),
  },
  audience: 'caller',
  access: 'linked',
  byLink: () => true,
  async run(ctx, { person, args }) {
    if (!person) throw new UserError('This account is not linked to a wallet yet.', { hint: '/link' })
    if (args.to !== undefined && !isAddress(args.to)) {
      throw new UserError(`“${args.to.slice(0, 60)}” is not an address (0x and 40 hex digits).`, {
        hint: `/delegate ${args.dao}`,
      })
    }
    const dao = await findDao(ctx, args.dao)
    const page = await openDelegation(ctx, { person, dao, to: args.to === undefined ? undefined : getAddress(args.to) })
    const given = await Promise.all(person.wallets.map(({ address }) => delegateWeight(ctx, { dao, account: address })))
    return {
      title: `Delegate in ${dao.name}`,
      body: [
        list(...givenWords(given)),
        text('Sign once with the wallet whose weight you want to move; AutoCo sends it and pays the gas.'),
        text('It counts in proposals that start after it is on chain. The page expires ', time(page.expiresAt), '.'),
      ],
      actions: [open('Sign the delegation', page.url, 'primary')],
    }
  },
})
