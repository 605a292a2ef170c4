import { encodeFunctionData, erc20Abi, parseAbi, parseEther, zeroAddress, type Address, type Hex } from 'viem'
import type { Rpc } from './devchain.ts'
import { welcomeTokens } from './daos.ts'
import { steward } from './people.ts'
import type { WorldFacts } from './facts.ts'
import { send } from './send.ts'

const votes = parseAbi(['function delegate(address delegatee)', 'function delegates(address) view returns (address)'])

/** Play money of every token, delegated to its holder, so that the next proposal finds them with a vote. Done once for an address. */
export async function welcome(rpc: Rpc, { auto, harbor, contracts }: WorldFacts, address: Address): Promise<void> {
  for (const token of [auto.token, harbor.token, contracts.nomic]) {
    const holds = await read(
      rpc,
      token,
      encodeFunctionData({ abi: erc20Abi, functionName: 'balanceOf', args: [address] }),
    )
    if (BigInt(holds) > 0n) continue
    const amount = parseEther(String(welcomeTokens))
    await send(rpc, {
      from: steward,
      to: token,
      data: encodeFunctionData({ abi: erc20Abi, functionName: 'transfer', args: [address, amount] }),
    })
    await delegateToSelf(rpc, token, address)
  }
}

/** The embedded chain lets us act for anybody on it; on a real one only the holder could. */
async function delegateToSelf(rpc: Rpc, token: Address, address: Address): Promise<void> {
  const asked = encodeFunctionData({ abi: votes, functionName: 'delegates', args: [address] })
  if (BigInt(await read(rpc, token, asked)) !== BigInt(zeroAddress)) return
  await rpc('anvil_setBalance', [address, '0x8ac7230489e80000'])
  await rpc('anvil_impersonateAccount', [address])
  await send(rpc, {
    from: address,
    to: token,
    data: encodeFunctionData({ abi: votes, functionName: 'delegate', args: [address] }),
  })
}

const read = (rpc: Rpc, to: Address, data: Hex): Promise<Hex> => rpc<Hex>('eth_call', [{ to, data }, 'latest'])
