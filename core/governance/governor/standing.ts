import type { Address } from 'viem'
import { autoDao } from '../../../contracts/generated.ts'
import type { Context } from '../../context.ts'
import type { ProposalStateName } from '../../db/tables/governance.ts'
import { UserError } from '../../errors.ts'
import { ask, isRevert } from '../../chain/ask.ts'
import { askWeight, governorClock } from '../weight.ts'
import type { Barred } from '../barred.ts'
import type { Standing, Weighing } from './types.ts'

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

export type Common = Omit<Standing, 'mayChange' | 'form' | 'seat' | 'nonce' | 'takesReason'>

/** What every Governor of OpenZeppelin says in the same way. */
export async function commonStanding(
  ctx: Pick<Context, 'chain'>,
  params: { dao: Weighing; proposalId: bigint; voter: Address },
): Promise<Common> {
  const { client } = ctx.chain
  const contract = { abi: autoDao.abi, address: params.dao.address as Address } as const
  const args = [params.proposalId] as const
  const [[state, snapshot, deadline, hasVoted], clock] = await Promise.all([
    askOfProposal(() =>
      Promise.all([
        client.readContract({ ...contract, functionName: 'state', args }),
        client.readContract({ ...contract, functionName: 'proposalSnapshot', args }),
        client.readContract({ ...contract, functionName: 'proposalDeadline', args }),
        client.readContract({ ...contract, functionName: 'hasVoted', args: [params.proposalId, params.voter] }),
      ]),
    ),
    governorClock(ctx, params.dao),
  ])
  const said = await weightOf(ctx, { ...params, clock, snapshot })
  return { state: proposalStates[state] ?? 'pending', clock, snapshot, deadline, hasVoted, ...said }
}

/** Before the snapshot the newest weight there is. */
export const weightOf = (
  ctx: Pick<Context, 'chain'>,
  params: { dao: Weighing; voter: Address; clock: bigint; snapshot: bigint },
): Promise<{ weight: bigint; barred?: Barred }> => {
  const { dao, voter, clock, snapshot } = params
  return askWeight(ctx, { dao, account: voter, timepoint: snapshot < clock ? snapshot : clock - 1n })
}

/** What a contract reverts with when it is asked of a proposal is that it does not know it. */
export async function askOfProposal<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await ask(read)
  } catch (cause) {
    if (!isRevert(cause)) throw cause
    throw new UserError('The contract does not know this proposal.', { hint: '/proposals', code: 'unknown', cause })
  }
}
