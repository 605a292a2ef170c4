import { encodeFunctionData, numberToHex, type Address, type Hex } from 'viem'
import { vi } from 'vitest'
import { autoDao } from '../../contracts/generated.ts'
import type { World } from './world.ts'

/** A transaction of an account whose key anvil has. */
export type Sent = { from: Address; to: Address; data?: Hex; value?: Hex; gas?: Hex }
type Chained = Pick<World, 'chain' | 'voters'>

const gas = numberToHex(1_000_000)
let fillers = 0

/** Sends it and waits until it is in a block, whether it fails there or not. */
export async function sendNow({ chain }: Chained, call: Sent): Promise<void> {
  const hash = await chain.rpc('eth_sendTransaction', [call])
  await vi.waitUntil(() => chain.rpc('eth_getTransactionReceipt', [hash]), { interval: 2 })
}

/**
 * Replaces the newest blocks by as many others with this content, by place. A transfer that was never made before makes
 * sure that they are others: anvil gives blocks with the same content the same hash.
 */
export async function reorg({ chain, voters }: Chained, depth: number, ...content: [Sent, number][]): Promise<boolean> {
  fillers += 1
  const filler = { from: voters[0]!.address, to: voters[1]!.address, value: numberToHex(fillers) }
  // Now and then anvil has lost the old state that it would need; whatever it left is the chain.
  return chain.rpc('anvil_reorg', [depth, [[filler, 0], ...content]]).then(
    () => true,
    () => false,
  )
}

export const voteCall = (params: { from: Address; dao: Address; id: bigint; support: number }): Sent => ({
  from: params.from,
  to: params.dao,
  gas,
  data: encodeFunctionData({ abi: autoDao.abi, functionName: 'castVote', args: [params.id, params.support] }),
})

/** Proposes to send nothing to the proposer. */
export const proposeCall = (params: { from: Address; dao: Address; description: string }): Sent => ({
  from: params.from,
  to: params.dao,
  gas,
  data: encodeFunctionData({
    abi: autoDao.abi,
    functionName: 'propose',
    args: [[params.from], [0n], ['0x'], params.description],
  }),
})
