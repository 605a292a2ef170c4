import type { PublicClient } from 'viem'
import { governorAbi, type Governor } from './chain.ts'
import { isSameTally, tallyWords, type Finding, type Tally } from './counting.ts'
import type { Step } from './recount.ts'

type Asked = { governor: Governor; proposalId: bigint }

/** The contract's own tally as it stood after a block. */
export async function contractTally(
  client: PublicClient,
  { governor, proposalId, block }: Asked & { block: bigint },
): Promise<Tally> {
  const [against, inFavour, abstain] = await client.readContract({
    abi: governorAbi,
    address: governor.address,
    functionName: 'proposalVotes',
    args: [proposalId],
    blockNumber: block,
  })
  return { against, inFavour, abstain }
}

/** Where contract and recount part: halving finds a block after which they differ, with none before it that does. */
export async function findParting(
  client: PublicClient,
  params: Asked & { since: bigint; steps: readonly Step[]; head: bigint; contract: Tally },
): Promise<Finding> {
  const { governor, since, steps, head } = params
  const expected = (block: bigint): Tally =>
    steps.findLast((step) => step.block <= block)?.tally ?? { against: 0n, inFavour: 0n, abstain: 0n }
  const whole = {
    where: `contract ${governor.address}`,
    what: `proposalVotes says ${tallyWords(params.contract)}, the recount ${tallyWords(expected(head))}`,
  }
  let [equal, unequal] = [since, head]
  try {
    while (unequal - equal > 1n) {
      const block = (equal + unequal) / 2n
      const tally = await contractTally(client, { ...params, block })
      if (isSameTally(tally, expected(block))) equal = block
      else unequal = block
    }
    const now = await contractTally(client, { ...params, block: unequal })
    return {
      where: `block ${unequal}, contract ${governor.address}`,
      what: `from this block on proposalVotes says ${tallyWords(now)}, the recount ${tallyWords(expected(unequal))}`,
    }
  } catch {
    // The node keeps no old states: then only the whole can be compared.
    return whole
  }
}
