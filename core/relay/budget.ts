import { sql } from 'kysely'
import type { Context, Trx } from '../context.ts'
import { UserError } from '../errors.ts'
import { ask } from '../chain/ask.ts'
import { maxGas, quoteFees } from './fees.ts'
import type { SignedCall } from './signed.ts'

/** A ballot's share of a transaction, for the budget; what it really cost is less. */
export const gasOf = (calls: readonly SignedCall[]): bigint =>
  calls.reduce((sum, call) => sum + (call.gas ?? maxGas), 0n)

/**
 * Takes a ballot's gas from the DAO's day and the ballot from the voter's, in the transaction that accepts it: what is
 * accepted is a promise, so it is paid for before.
 */
export async function spendBudget(
  ctx: Pick<Context, 'config' | 'now'>,
  trx: Trx,
  params: { daoId: string; voter: string; gas: bigint; what: string },
): Promise<void> {
  const day = new Date(ctx.now()).toISOString().slice(0, 10)
  const { RELAY_DAILY_GAS, RELAY_VOTER_BALLOTS } = ctx.config
  if (!(await take(trx, { scope: `voter/${params.voter}`, day, amount: 1n, limit: BigInt(RELAY_VOTER_BALLOTS) })))
    throw new UserError(`This wallet has sent its ${RELAY_VOTER_BALLOTS} ${params.what} of today.`, {
      hint: 'You can still vote from your wallet directly, or tomorrow.',
      code: 'budget',
    })
  if (!(await take(trx, { scope: `gas/${params.daoId}`, day, amount: params.gas, limit: BigInt(RELAY_DAILY_GAS) })))
    throw new UserError('What the relayer pays for this DAO in a day is used up.', {
      hint: 'You can still vote from your wallet directly, or tomorrow.',
      code: 'budget',
    })
}

/** One conditional statement, so that two ballots at once cannot both take the last of it. */
async function take(trx: Trx, params: { scope: string; day: string; amount: bigint; limit: bigint }): Promise<boolean> {
  const { scope, day, amount, limit } = params
  if (amount > limit) return false
  const taken = await trx
    .insertInto('budget')
    .values({ scope, day, used: amount.toString() })
    .onConflict((conflict) =>
      conflict
        .columns(['scope', 'day'])
        .doUpdateSet({ used: sql`budget.used + excluded.used` })
        .where(sql<boolean>`budget.used + excluded.used <= ${limit.toString()}::numeric`),
    )
    .returning('scope')
    .executeTakeFirst()
  return taken !== undefined
}

/** Refuses before anything is promised when nobody could pay for sending it. */
export async function assertRelayer(ctx: Context, gas: bigint): Promise<void> {
  const { relayer, client } = ctx.chain
  const alone = { hint: 'You can vote from your wallet directly.', code: 'relayer' }
  if (!relayer) throw new UserError('No relayer is set up here.', alone)
  const [balance, fees] = await Promise.all([
    ask(() => client.getBalance({ address: relayer.address })),
    quoteFees(ctx),
  ])
  if (balance >= gas * fees.maxFee) return
  ctx.log.error({ relayer: relayer.address, balance: balance.toString() }, 'the relayer has run out of gas money')
  throw new UserError('The relayer has run out of money for gas.', alone)
}
