import type { Address } from 'viem'
import { autoDao } from '../../../contracts/generated.ts'
import type { Context } from '../../context.ts'
import type { DaoRow, ProposalStateName } from '../../db/tables/governance.ts'
import { UserError } from '../../errors.ts'
import { ask, isRevert } from '../ask.ts'
import { askWeight } from '../weight.ts'
import type { Standing } from './types.ts'

/** By the numbers of Governor's `ProposalState`. */
export const proposalStates: readonly ProposalStateName[] = [
  'pending',
  'active',
  'canceled',
  'defeated',
  'succeeded',
  'queued',
  'expired',
  'executed',
]

export type Common = Omit<Standing, 'mayChange' | 'form' | 'seat' | 'nonce'>

/** What every Governor says in the same way. */
export async function commonStanding(
  ctx: Pick<Context, 'chain'>,
  params: { dao: Pick<DaoRow, 'address'>; proposalId: bigint; voter: Address },
): Promise<Common> {
  const { client } = ctx.chain
  const contract = { abi: autoDao.abi, address: params.dao.address as Address } as const
  const args = [params.proposalId] as const
  const [state, clock, snapshot, deadline, hasVoted] = await ask(() =>
    Promise.all([
      client.readContract({ ...contract, functionName: 'state', args }),
      client.readContract({ ...contract, functionName: 'clock' }),
      client.readContract({ ...contract, functionName: 'proposalSnapshot', args }),
      client.readContract({ ...contract, functionName: 'proposalDeadline', args }),
      client.readContract({ ...contract, functionName: 'hasVoted', args: [params.proposalId, params.voter] }),
    ]),
  ).catch((cause: unknown) => {
    if (!isRevert(cause)) throw cause
    throw new UserError('The contract does not know this proposal.', { hint: '/proposals', code: 'unknown', cause })
  })
  const past = snapshot < clock ? snapshot : BigInt(clock) - 1n
  const said = await askWeight(ctx, { dao: params.dao, account: params.voter, timepoint: past })
  return { state: proposalStates[state] ?? 'pending', clock: BigInt(clock), snapshot, deadline, hasVoted, ...said }
}
