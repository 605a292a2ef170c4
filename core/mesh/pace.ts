import { parseAbi, type Address } from 'viem'
import type { Context } from '../context.ts'
import type { Actor } from './act.ts'

const abi = parseAbi([
  'function votingDelay() view returns (uint256)',
  'function votingPeriod() view returns (uint256)',
  'function getMinDelay() view returns (uint256)',
])

/** Whether a decision that is proposed now would come too late; false where nobody can tell. */
export async function isTooSlow(
  ctx: Pick<Context, 'chain'>,
  { actor, until }: { actor: Actor; until: number | null },
): Promise<boolean> {
  if (actor.by !== 'proposal' || until === null || actor.governor.clock !== 'timestamp') return false
  const { address, timelock } = actor.governor
  const { client } = ctx.chain
  const ask = (address: string, functionName: 'votingDelay' | 'votingPeriod' | 'getMinDelay'): Promise<bigint> =>
    client.readContract({ abi, address: address as Address, functionName }).catch(() => 0n)
  const [delay, period, wait, block] = await Promise.all([
    ask(address, 'votingDelay'),
    ask(address, 'votingPeriod'),
    timelock === null ? 0n : ask(timelock, 'getMinDelay'),
    client.getBlock(),
  ])
  return Number(block.timestamp + delay + period + wait) > until
}
