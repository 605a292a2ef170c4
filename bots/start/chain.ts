import type { Logger } from 'pino'
import type { Chain } from '../../core/ports.ts'
import type { Config } from '../../core/config.ts'
import type { EmbeddedWorld } from '../world/index.ts'
import type { Stops } from './stops.ts'

type Params = { config: Config; home: string; log: Logger; stops: Stops }

/** The chain at `RPC_URL`, checked to be the one that the settings mean; else a world of our own. */
export async function startChain({
  config,
  home,
  log,
  stops,
}: Params): Promise<{ chain: Chain; world?: EmbeddedWorld }> {
  if (config.RPC_URL !== undefined) return { chain: await outsideChain({ ...config, RPC_URL: config.RPC_URL }) }
  const { startWorld } = await import('../world/index.ts')
  const world = await startWorld({ home, log })
  stops.add('embedded world', () => world.stop())
  return { chain: world.chain, world }
}

async function outsideChain(config: Config & { RPC_URL: string }): Promise<Chain> {
  const [{ checkChain, openChain }, { readDeployment }, { readRelayerKey }] = await Promise.all([
    import('../../core/chain/connect.ts'),
    import('../../core/chain/deployment.ts'),
    import('../../core/chain/relayer-key.ts'),
  ])
  const { chainId, name, contracts } = readDeployment(config.CONTRACTS_FILE ?? '')
  const { autoIds, multicall } = contracts
  if (!autoIds || !multicall) throw new Error('fileFaults has looked for these')
  const chain = openChain({
    id: chainId,
    name,
    url: config.RPC_URL,
    addresses: { ...contracts, autoIds, multicall } as Chain['addresses'],
    relayerKey: config.RELAYER_KEY_FILE ? readRelayerKey(config.RELAYER_KEY_FILE) : undefined,
    finalityDepth: config.FINALITY_DEPTH,
    explorerUrl: config.EXPLORER_URL,
  })
  await checkChain(chain)
  return chain
}
