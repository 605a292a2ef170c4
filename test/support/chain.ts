import {
  createPublicClient,
  createWalletClient,
  http,
  type Account,
  type Chain,
  type PublicClient,
  type Transport,
  type WalletClient,
} from 'viem'
import { mnemonicToAccount, type HDAccount } from 'viem/accounts'
import { anvil } from 'viem/chains'
import { startDevchain, type Rpc } from '../../bots/world/devchain.ts'

export type TestChain = {
  url: string
  client: PublicClient
  rpc: Rpc
  /** anvil's funded accounts, with their keys. */
  accounts: readonly HDAccount[]
  wallet(account: Account): WalletClient<Transport, Chain, Account>
  /** Moves the chain's clock and mines a block. */
  travel(seconds: number): Promise<void>
  stop(): Promise<void>
}

/** Deriving them takes longer than many a test. */
export const anvilAccounts: readonly HDAccount[] = Array.from({ length: 10 }, (_, addressIndex) =>
  mnemonicToAccount('test test test test test test test test test test test junk', { addressIndex }),
)

/** A chain of its own: a real anvil that mines a block per transaction. */
export async function testChain(options: Parameters<typeof startDevchain>[0] = {}): Promise<TestChain> {
  const chain = await startDevchain(options)
  const transport = http(chain.url, { retryCount: 0 })
  return {
    url: chain.url,
    client: createPublicClient({ chain: anvil, transport, pollingInterval: 20, cacheTime: 0 }) as PublicClient,
    rpc: chain.rpc,
    accounts: anvilAccounts,
    wallet: (account) => createWalletClient({ account, chain: anvil, transport, pollingInterval: 20 }),
    async travel(seconds) {
      await chain.rpc('evm_increaseTime', [seconds])
      await chain.rpc('evm_mine')
    },
    stop: () => chain.stop(),
  }
}
