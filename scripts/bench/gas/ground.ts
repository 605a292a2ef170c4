import {
  createPublicClient,
  createWalletClient,
  encodeFunctionData,
  getAbiItem,
  getContractAddress,
  http,
  keccak256,
  toHex,
  type Abi,
  type Address,
  type Hex,
  type TransactionReceipt,
} from 'viem'
import { mnemonicToAccount, privateKeyToAccount, type PrivateKeyAccount } from 'viem/accounts'
import { anvil } from 'viem/chains'
import { autoIds, multicall } from '../../../contracts/generated.ts'
import { startDevchain, type Rpc } from '../../../bots/world/devchain.ts'

export type Ground = {
  rpc: Rpc
  deploy(contract: { abi: Abi; bytecode: Hex }, args: readonly unknown[]): Promise<Address>
  send(to: Address, data: Hex): Promise<TransactionReceipt>
  read: ReturnType<typeof publicClient>['readContract']
  travel(seconds: number): Promise<number>
  autoIds: Address
  multicall: Address
  voters: PrivateKeyAccount[]
  stop(): Promise<void>
}

const admin = mnemonicToAccount('test test test test test test test test test test test junk')
const gas = 400_000_000n

/** A chain with the registry, and voters who each have an Auto ID: voter 0 has id 1. */
export async function layGround(voterCount: number): Promise<Ground> {
  const chain = await startDevchain({ hardfork: 'prague', gasLimit: 2_000_000_000 })
  const client = publicClient(chain.url)
  const wallet = createWalletClient({ account: admin, chain: anvil, transport: http(chain.url) })
  const send = async (to: Address, data: Hex) =>
    receiptOf(await wallet.sendTransaction({ to, data, gas, maxFeePerGas: 10n ** 10n, maxPriorityFeePerGas: 0n }))
  // Mined by hand: a block that anvil mines by itself may still be on its way into the state when it is undone.
  await chain.rpc('evm_setAutomine', [false])
  const receiptOf = async (hash: Hex) => {
    await chain.rpc('evm_mine')
    const receipt = await client.getTransactionReceipt({ hash })
    if (receipt.status === 'reverted') throw new Error(`Transaction ${hash} was reverted`)
    return receipt
  }
  const deploy: Ground['deploy'] = async (contract, args) => {
    const nonce = BigInt(await client.getTransactionCount({ address: admin.address }))
    await receiptOf(
      await wallet.deployContract({ ...contract, args, gas, maxFeePerGas: 10n ** 10n, maxPriorityFeePerGas: 0n }),
    )
    return getContractAddress({ from: admin.address, nonce })
  }
  const ground: Ground = {
    rpc: chain.rpc,
    deploy,
    send,
    read: client.readContract,
    async travel(seconds) {
      await chain.rpc('evm_increaseTime', [seconds])
      await chain.rpc('evm_mine')
      return Number((await client.getBlock()).timestamp)
    },
    autoIds: await deploy(autoIds, []),
    multicall: await deploy(multicall, []),
    voters: Array.from({ length: voterCount }, (_, i) => privateKeyToAccount(keccak256(toHex(`voter ${i}`)))),
    stop: () => chain.stop(),
  }
  await register(ground)
  return ground
}

/** The gas of a transaction that is then undone, and how many of its ballots were counted. */
export async function measure(ground: Ground, to: Address, data: Hex): Promise<TransactionReceipt> {
  const snapshot = await ground.rpc('evm_snapshot')
  const receipt = await ground.send(to, data)
  await ground.rpc('evm_revert', [snapshot])
  return receipt
}

async function register(ground: Ground): Promise<void> {
  const domain = { name: 'AutoIds', version: '1', chainId: anvil.id, verifyingContract: ground.autoIds }
  const registration = getAbiItem({ abi: autoIds.abi, name: 'register' }).inputs[0].components
  const deadline = 2n ** 48n
  const list = ground.voters.map((voter) => ({
    controller: voter.address,
    kind: 1,
    issuer: 0n,
    validUntil: 0,
    certificate: toHex(0, { size: 32 }),
    nonce: 0n,
    deadline,
  }))
  const signatures = await Promise.all(
    ground.voters.map((voter, i) =>
      voter.signTypedData({
        domain,
        types: { Registration: registration },
        primaryType: 'Registration',
        message: list[i]!,
      }),
    ),
  )
  for (let i = 0; i < list.length; i += 100) {
    const args = [list.slice(i, i + 100), signatures.slice(i, i + 100)] as const
    await ground.send(ground.autoIds, encodeFunctionData({ abi: autoIds.abi, functionName: 'registerMany', args }))
  }
  const total = await ground.read({ address: ground.autoIds, abi: autoIds.abi, functionName: 'total' })
  if (total !== BigInt(list.length)) throw new Error(`${total} of ${list.length} voters were registered`)
}

function publicClient(url: string) {
  return createPublicClient({ chain: anvil, transport: http(url), pollingInterval: 5, cacheTime: 0 })
}
