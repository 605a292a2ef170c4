import { zeroAddress } from 'viem'
import { openDelegation } from '../../ballots/delegate.ts'
import { arg, defineCommand } from '../../command.ts'
import { delegateWeight } from '../weight.ts'
import { findDao } from '../../governance/dao.ts'
import { requirePerson } from '../../identity/person.ts'
import { list, open, run, text, time } from '../../view.ts'
import { givenWords } from '../views/delegates.ts'
import { daoArg } from '../../args.ts'

/** `/undelegate ens` takes votes back that were given away; `/undelegate ens nobody` lets them rest. */
export const undelegate = defineCommand({
  name: 'undelegate',
  description: 'Take back the votes that you gave to someone, without gas',
  args: {
    dao: daoArg('Which DAO'),
    nobody: arg.optional(
      arg.choice('nobody: the tokens vote for no one any more', [{ value: 'nobody', label: 'Nobody votes with them' }]),
    ),
  },
  audience: 'caller',
  access: 'linked',
  byLink: () => true,
  async run(ctx, { person: who, args }) {
    const person = requirePerson(who)
    const dao = await findDao(ctx, args.dao)
    const given = await Promise.all(person.wallets.map(({ address }) => delegateWeight(ctx, { dao, account: address })))
    const isNobody = args.nobody !== undefined
    const away = given.filter(({ address, gaveTo }) => gaveTo !== undefined && (isNobody || gaveTo !== address))
    if (away.length === 0)
      return {
        title: `Nothing to take back in ${dao.name}`,
        body: [text('None of your wallets has given its votes to anybody.'), list(...givenWords(given))],
        actions: [run('My power', `power ${dao.slug}`)],
      }
    const page = await openDelegation(ctx, { person, dao, to: isNobody ? zeroAddress : undefined })
    return {
      title: isNobody ? `Let your votes in ${dao.name} rest` : `Take your votes back in ${dao.name}`,
      body: [
        list(...givenWords(away)),
        text(
          isNobody
            ? 'Sign once with the wallet, and its tokens count for nobody until it delegates again; the page says so as the address 0x0000…0000.'
            : 'Sign once with the wallet, and its votes are its own again.',
          ' AutoCo sends it and pays the gas.',
        ),
        text('It counts in proposals that start after it is on chain. The page expires ', time(page.expiresAt), '.'),
      ],
      actions: [open(isNobody ? 'Sign: nobody votes with them' : 'Sign: take them back', page.url, 'primary')],
    }
  },
})
