import { getAddress, parseAbi, type Address } from 'viem'
import type { Context } from '../context.ts'
import type { DaoRow } from '../db/tables/governance.ts'
import { UserError } from '../errors.ts'
import { ask } from '../chain/ask.ts'
import { governorClock, weightAt } from '../governance/weight.ts'
import type { Person } from '../command.ts'

const governorAbi = parseAbi(['function proposalThreshold() view returns (uint256)'])

/** The wallet that would propose, and what it weighs beside what the governor asks for. */
export type Proposer = { wallet: Address; weight: bigint; needed: bigint }

/** The heaviest of a person's wallets: weights of several never add up for a threshold. */
export async function proposerOf(
  ctx: Pick<Context, 'chain'>,
  { dao, person }: { dao: DaoRow; person: Person },
): Promise<Proposer> {
  const timepoint = await governorClock(ctx, dao)
  const [needed, weights] = await Promise.all([
    ask(() =>
      ctx.chain.client.readContract({
        abi: governorAbi,
        address: dao.address as Address,
        functionName: 'proposalThreshold',
      }),
    ),
    Promise.all(
      person.wallets.map(async ({ address }) => ({
        wallet: getAddress(address),
        weight: await weightAt(ctx, { dao, account: address, timepoint }),
      })),
    ),
  ])
  const [first, ...others] = weights
  if (!first) throw new UserError('This account is not linked to a wallet yet.', { hint: '/link', code: 'not-linked' })
  return { ...others.reduce((best, each) => (each.weight > best.weight ? each : best), first), needed }
}
