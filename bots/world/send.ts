import type { Address, Hex } from 'viem'
import type { Rpc } from './devchain.ts'

export type Tx = { from: Address; to: Address; data?: Hex; value?: bigint }
export type Receipt = { status: Hex; logs: { data: Hex; topics: [Hex, ...Hex[]] }[] }

const gas = '0x2dc6c0'

const newest = new Map<Address, Promise<unknown>>()

/** Sends as an account that anvil holds the key of; of one account one at a time, or anvil gives two the same nonce. */
export function send(rpc: Rpc, { value = 0n, ...tx }: Tx): Promise<Hex> {
  const before = newest.get(tx.from) ?? Promise.resolve()
  const sent = before.then(() => rpc<Hex>('eth_sendTransaction', [{ ...tx, gas, value: `0x${value.toString(16)}` }]))
  newest.set(
    tx.from,
    sent.catch(() => undefined),
  )
  return sent
}

/** Puts transactions into one block of a chain that mines on demand, at a time of our choosing. */
export async function mineTogether(rpc: Rpc, txs: readonly Tx[], at?: number): Promise<Receipt[]> {
  const hashes = await Promise.all(txs.map((tx) => send(rpc, tx)))
  if (at !== undefined) await rpc('evm_setNextBlockTimestamp', [at])
  await rpc('evm_mine')
  return await Promise.all(
    hashes.map(async (hash) => {
      const receipt = await rpc<Receipt | null>('eth_getTransactionReceipt', [hash])
      if (receipt?.status !== '0x1') throw new Error(`Transaction ${hash} of the embedded world failed.`)
      return receipt
    }),
  )
}
