import type { Address, Hex } from 'viem'
import { isReverted, revertOf } from '../chain/refusal.ts'
import type { Context } from '../context.ts'
import type { DaoRow } from '../db/tables/governance.ts'
import { RetryableError } from '../errors.ts'
import { ask, isRevert } from '../chain/ask.ts'
import { coinOf } from '../chain/token.ts'
import type { ProposalCall } from '../governance/types.ts'
import { amount } from '../amount.ts'

/** What a call would do if it were made now, by itself. */
export type Trial = { status: 'works' } | { status: 'fails' | 'untried'; reason: string }

/**
 * Tries every call as the treasury would make it, on the chain as it is now. Nothing is overridden, so that what works here
 * works there; what a call needs of the one before it is not seen.
 */
export async function tryCalls(
  ctx: Pick<Context, 'chain'>,
  { dao, calls }: { dao: DaoRow; calls: readonly ProposalCall[] },
): Promise<Trial[]> {
  const executor = (dao.timelock ?? dao.address) as Address
  const balance = await ask(() => ctx.chain.client.getBalance({ address: executor }))
  let spent = 0n
  const due = calls.map(({ value }) => (spent += BigInt(value)))
  return await Promise.all(
    calls.map(async (call, at): Promise<Trial> => {
      if (BigInt(call.value) > 0n && (due[at] ?? 0n) > balance) {
        const [holds, pays] = [balance, due[at] ?? 0n].map((value) => amount(value, coinOf(ctx)))
        return {
          status: 'fails',
          reason: `The treasury holds ${holds}, and up to here ${pays} would leave it.`,
        }
      }
      return await tryCall(ctx, { dao, executor, call })
    }),
  )
}

async function tryCall(
  ctx: Pick<Context, 'chain'>,
  { dao, executor, call }: { dao: DaoRow; executor: Address; call: ProposalCall },
): Promise<Trial> {
  const { client } = ctx.chain
  const [to, data] = [call.target as Address, (call.data || '0x') as Hex]
  try {
    if (data !== '0x' && ((await client.getCode({ address: to })) ?? '0x') === '0x')
      return { status: 'fails', reason: 'There is no contract at this address, so nothing would happen.' }
    await client.call({ account: executor, to, data, value: BigInt(call.value) })
    return { status: 'works' }
  } catch (cause) {
    if (!isRevert(cause) && !isReverted(cause)) throw new RetryableError('The chain does not answer.', { cause })
    const said = revertOf(cause)
    // A governor behind a timelock lets itself be changed only while it executes a decision: a queue that is empty now.
    if (said?.name === 'Panic' && to.toLowerCase() === dao.address.toLowerCase())
      return { status: 'untried', reason: 'The governor answers this only when it executes a decision.' }
    return { status: 'fails', reason: said ? `The contract refuses it: ${said.words}.` : 'The contract refuses it.' }
  }
}
