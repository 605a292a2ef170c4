import { getAddress, isAddress } from 'viem'
import { arg, defineCommand, type Arg } from '../../command.ts'
import { directoryOf, knownDelegates } from '../directory.ts'
import { participationOf, votesBy, weightsOver } from '../record.ts'
import { statementsIn, writeStatement } from '../statement.ts'
import { delegateWeight } from '../weight.ts'
import type { Context } from '../../context.ts'
import type { DaoRow } from '../../db/tables/governance.ts'
import { UserError } from '../../errors.ts'
import { findDao } from '../../governance/dao.ts'
import { tokenOf } from '../../chain/token.ts'
import type { Person } from '../../command.ts'
import { requirePerson } from '../../identity/person.ts'
import { delegateCardView, delegatesView, statementView } from '../views/delegates.ts'
import { daoArg } from '../../args.ts'

const cardVotes = 20

export const delegates = defineCommand({
  name: 'delegates',
  description: 'Who votes for others in a DAO, and how well they take part',
  args: { dao: daoArg('Which DAO, like ens') },
  audience: 'caller',
  access: 'anyone',
  byLink: () => true,
  async run(ctx, { args }) {
    const dao = await findDao(ctx, args.dao)
    const [token, found] = await Promise.all([tokenOf(ctx, dao), directoryOf(ctx, dao)])
    return delegatesView({ dao, token, delegates: found })
  },
})

const whoArg: Arg<string> = {
  ...arg.word('Whose: an address; your own when left out'),
  async complete(ctx, prefix) {
    const daos = await ctx.db
      .selectFrom('dao')
      .select(['id', 'token'])
      .where('token', 'is not', null)
      .limit(5)
      .execute()
    const found = await Promise.all(daos.map((dao) => knownDelegates(ctx, dao, prefix)))
    return [...new Set(found.flat())].slice(0, 25).map((value) => ({ value, label: value }))
  },
}

/** `/delegate-card ens 0x…`: what a delegate did with the votes of others. */
export const delegateCard = defineCommand({
  name: 'delegate-card',
  description: 'Report card of a delegate: votes, reasons, weight',
  args: { dao: daoArg('Which DAO, like ens'), who: arg.optional(whoArg) },
  audience: 'caller',
  access: 'anyone',
  byLink: () => true,
  async run(ctx, { person, args }) {
    const dao = await findDao(ctx, args.dao)
    const account = args.who === undefined ? await ownAccount(ctx, dao, person) : accountOf(args.who, dao)
    const daoId = dao.id
    const [token, weight, statements, participation, votes, weights] = await Promise.all([
      tokenOf(ctx, dao),
      delegateWeight(ctx, { dao, account }),
      statementsIn(ctx, { daoId, accounts: [account] }),
      participationOf(ctx, { daoId, accounts: [account], most: cardVotes }),
      votesBy(ctx, { daoId, account, most: 8 }),
      weightsOver(ctx, { token: dao.token ?? '', account, most: 8 }),
    ])
    return delegateCardView({
      dao,
      token,
      weight,
      statement: statements.get(account),
      participation: participation.get(account) ?? { of: 0, cast: 0, withReason: 0, sided: 0, withMajority: 0 },
      votes,
      weights,
    })
  },
})

/** `/delegate-statement ens I vote …` is for everyone to read; `/delegate-statement ens none` takes it back. */
export const delegateStatement = defineCommand({
  name: 'delegate-statement',
  description: 'Say publicly why others should delegate to you',
  args: { dao: daoArg('Which DAO, like ens'), text: arg.text('Your statement; none takes it back') },
  audience: 'caller',
  access: 'linked',
  async run(ctx, { person, args }) {
    const dao = await findDao(ctx, args.dao)
    const wallet = await ownAccount(ctx, dao, person)
    const text = args.text.trim().toLowerCase() === 'none' ? '' : args.text.trim()
    await writeStatement(ctx, { daoId: dao.id, person: requirePerson(person), address: wallet, words: text })
    return statementView({ dao, wallet, text })
  },
})

/** The heaviest of one's wallets. */
async function ownAccount(ctx: Context, dao: DaoRow, who: Person | undefined): Promise<string> {
  const { wallets } = requirePerson(who)
  const weights = await Promise.all(wallets.map(({ address }) => delegateWeight(ctx, { dao, account: address })))
  return weights.reduce((best, each) => (each.weight > best.weight ? each : best)).address
}

function accountOf(word: string, dao: Pick<DaoRow, 'slug'>): string {
  if (isAddress(word, { strict: false })) return getAddress(word)
  throw new UserError(`“${word.slice(0, 60)}” is not an address (0x and 40 hex digits).`, {
    hint: `/delegates ${dao.slug}`,
    code: 'usage',
  })
}
