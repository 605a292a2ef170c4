import { formatEther, type PublicClient } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { sourceHash } from '../../contracts/generated.ts'
import type { Config } from '../../core/config.ts'
import { openChain } from '../../core/chain/connect.ts'
import { readDeployment, type Deployment } from '../../core/chain/deployment.ts'
import { readRelayerKey } from '../../core/chain/relayer-key.ts'
import { foreignContracts } from '../deploy/compare.ts'
import { bad, note, ok, reason, type Finding } from './finding.ts'

const skewSeconds = { note: 60, bad: 600 }
/** Gas of a full batch, so that the balance can be said in batches. */
const batchGas = 2_500_000n

export async function checkChainSide(config: Config): Promise<Finding[]> {
  if (!config.RPC_URL) return [ok('chain', 'RPC_URL is not set: a play chain runs on this machine')]
  const deployment = readDeployment(config.CONTRACTS_FILE ?? '')
  const { client } = openChain({
    id: deployment.chainId,
    name: deployment.name,
    url: config.RPC_URL,
    addresses: { autoIds: '0x', multicall: '0x' },
    relayerKey: undefined,
    finalityDepth: config.FINALITY_DEPTH,
    explorerUrl: undefined,
  })
  let id: number
  try {
    id = await client.getChainId()
  } catch (error) {
    return [bad('RPC_URL', `does not answer (${reason(error)})`, 'Is the address right and the node running?')]
  }
  const wanted = config.CHAIN_ID ?? deployment.chainId
  if (id !== wanted || id !== deployment.chainId)
    return [
      bad(
        'RPC_URL',
        `leads to chain ${id}, the settings speak of ${wanted}${deployment.chainId === wanted ? '' : ` and ${deployment.chainId}`}`,
        'RPC_URL, CHAIN_ID and CONTRACTS_FILE must be of the same chain.',
      ),
    ]
  const parts = await Promise.all([
    checkContracts(client, deployment),
    checkClock(client),
    checkFinality(client, config),
    checkRelayer(client, config),
  ])
  return [ok('RPC_URL', `chain ${id}, ${deployment.name}`), ...parts.flat()]
}

async function checkContracts(client: PublicClient, deployment: Deployment): Promise<Finding[]> {
  const foreign = await foreignContracts(client, deployment.contracts as Parameters<typeof foreignContracts>[1])
  if (foreign.length > 0)
    return foreign.map(({ name, why }) =>
      bad('CONTRACTS_FILE', `${name}: ${why}`, 'Run npm run deploy: it compares and goes on where it can.'),
    )
  const count = Object.keys(deployment.contracts).length
  const version = deployment.sourceHash === sourceHash ? 'of this version' : 'their code is the same as of this version'
  return [ok('CONTRACTS_FILE', `${count} contracts are there, ${version}`)]
}

async function checkClock(client: PublicClient): Promise<Finding> {
  const { timestamp } = await client.getBlock()
  const late = Math.floor(Date.now() / 1_000) - Number(timestamp)
  const words = `the newest block is ${Math.abs(late)} s ${late < 0 ? 'ahead of' : 'behind'} this machine`
  const todo = 'Set this machine’s clock (NTP), or look whether the node is synchronised.'
  if (Math.abs(late) > skewSeconds.bad) return bad('clock', words, todo)
  return Math.abs(late) > skewSeconds.note ? note('clock', words, todo) : ok('clock', words)
}

async function checkFinality(client: PublicClient, config: Config): Promise<Finding> {
  const finalized = await client.getBlock({ blockTag: 'finalized' }).catch(() => undefined)
  if (finalized && finalized.number > 0n) return ok('finality', `the chain says itself: block ${finalized.number}`)
  return note(
    'finality',
    `the chain has no finalized tag: a block counts as final ${config.FINALITY_DEPTH} blocks later`,
  )
}

async function checkRelayer(client: PublicClient, config: Config): Promise<Finding> {
  const file = config.RELAYER_KEY_FILE
  if (!file)
    return note('RELAYER_KEY_FILE', 'is not set: AutoCo listens, but relays no ballot', 'Name a file with the key.')
  const { address } = privateKeyToAccount(readRelayerKey(file))
  const [balance, price] = await Promise.all([client.getBalance({ address }), client.getGasPrice()])
  const batches = price === 0n ? undefined : balance / (price * batchGas)
  const words = `${address} holds ${formatEther(balance)}${batches === undefined ? '' : `, enough for about ${batches} full batches`}`
  if (balance === 0n) return bad('relayer', words, `Send it something to pay gas with.`)
  return batches !== undefined && batches < 20n ? note('relayer', words, 'Top it up soon.') : ok('relayer', words)
}
