import { createPublicClient, defineChain, http, type Chain as ViemChain } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import type { Hex } from 'viem'
import type { Addresses, Chain } from '../ports.ts'
import { RetryableError, UserError } from '../errors.ts'

const patienceMs = 10_000
const retryMs = 500

/** Opens a chain by its RPC's address; nothing is asked of it yet. */
export function openChain(params: {
  id: number
  name: string
  url: string
  addresses: Addresses
  relayerKey: Hex | undefined
  finalityDepth: number
  explorerUrl: string | undefined
}): Chain {
  const { id, name, url, addresses, relayerKey, finalityDepth, explorerUrl } = params
  return {
    id,
    name,
    url,
    addresses,
    client: createPublicClient({
      chain: viemChain({ id, name, url }),
      transport: http(url, { timeout: patienceMs, retryCount: 1 }),
      cacheTime: 0,
      pollingInterval: 500,
    }),
    relayer: relayerKey ? privateKeyToAccount(relayerKey) : undefined,
    finalityDepth,
    explorerUrl,
  }
}

export const viemChain = ({ id, name, url }: { id: number; name: string; url: string }): ViemChain =>
  defineChain({
    id,
    name,
    nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
    rpcUrls: { default: { http: [url] } },
  })

/** Is it the chain the settings speak of, and are the contracts there? A silent RPC gets a moment to wake up. */
export async function checkChain(chain: Chain): Promise<void> {
  const id = await answer(() => chain.client.getChainId())
  if (id !== chain.id) {
    throw new UserError(`RPC_URL leads to chain ${id}, but the settings speak of chain ${chain.id}.`, {
      hint: 'Set RPC_URL, CHAIN_ID and CONTRACTS_FILE to the same chain.',
      code: 'wrong-chain',
    })
  }
  for (const name of ['autoIds', 'multicall'] as const) {
    const address = chain.addresses[name]
    const code = await answer(() => chain.client.getCode({ address }))
    if (!code) {
      throw new UserError(`There is no ${name} contract at ${address} on chain ${id}.`, {
        hint: 'CONTRACTS_FILE is of another chain, or the chain began anew: run npm run deploy.',
        code: 'wrong-chain',
      })
    }
  }
}

async function answer<T>(ask: () => Promise<T>): Promise<T> {
  const until = Date.now() + patienceMs
  for (;;) {
    try {
      return await ask()
    } catch (cause) {
      if (Date.now() > until) {
        throw new UserError('The chain at RPC_URL does not answer.', {
          hint: 'Is the address right and the node running? Try: npm run doctor',
          code: 'chain-silent',
          cause: new RetryableError('no answer', { cause }),
        })
      }
      await new Promise((resolve) => setTimeout(resolve, retryMs))
    }
  }
}
