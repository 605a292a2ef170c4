/**
 * `npm run deploy -- --rpc <url> --key-file <file> [--chain 870|490000|autonomys|chronos|<id>] [--dao <file.json>]`
 * puts AutoCo's contracts on a chain. What is there is recorded after each step, so a run that was cut off goes on.
 */
import fs from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { createPublicClient, createWalletClient, formatEther, http, keccak256, stringToHex } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { autoDao, autoDaoFactory, sourceHash } from '../contracts/generated.ts'
import { viemChain } from '../core/chain/connect.ts'
import { readDeployment, type Deployment } from '../core/chain/deployment.ts'
import { UserError } from '../core/errors.ts'
import { readRelayerKey } from '../core/chain/relayer-key.ts'
import { chainOf, knownChains } from './deploy/chains.ts'
import { foreignContracts } from './deploy/compare.ts'
import { readDaoFile } from './deploy/dao.ts'
import { roomyHttp } from './deploy/transport.ts'
import { furnishGlobalDao } from '../bots/world/mesh.ts'
import {
  createAutoDao,
  deployContracts,
  type ChiefRules,
  type DaoAddresses,
  type Deployed,
  type Deployer,
} from '../bots/world/deploy.ts'

const usage = `Usage: npm run deploy -- --rpc <url> --key-file <file> [--chain <${Object.keys(knownChains).join(' | ')} | id>] [--dao <file.json>] [--folder deployments]`

/** A billion NOMIC, for whoever deploys to hand out. */
const nomicSupply = 1_000_000_000n * 10n ** 18n
/** A tenth wakes the chief or shuts the DAO down, nothing under a twentieth decides; a decision waits two days. */
const chiefRules: ChiefRules = {
  launchThreshold: nomicSupply / 10n,
  floor: nomicSupply / 20n,
  coolDown: 600,
  delay: 172_800,
  shutdownThreshold: nomicSupply / 10n,
}

try {
  await deploy(process.argv.slice(2))
} catch (error) {
  if (!(error instanceof UserError)) throw error
  console.error(`${error.message}${error.hint ? `\n${error.hint}` : ''}`)
  process.exitCode = error.code === 'usage' ? 2 : 1
}

async function deploy(args: string[]): Promise<void> {
  const flags = readFlags(args)
  const account = privateKeyToAccount(readRelayerKey(flags.keyFile))
  const probe = createPublicClient({ transport: http(flags.rpc) })
  const id = await probe.getChainId().catch((cause: unknown) => {
    throw new UserError('The RPC does not answer.', { hint: 'Is the address right?', cause })
  })
  const wanted = flags.chain === undefined ? undefined : chainOf(flags.chain)
  if (wanted !== undefined && wanted !== id)
    throw new UserError(`--chain ${flags.chain} is chain ${wanted}, but the RPC leads to chain ${id}.`)
  const name = knownChains[id]?.name ?? `Chain ${id}`
  const deployer = createDeployer(flags.rpc, { id, name }, account)
  const balance = await deployer.client.getBalance({ address: account.address })
  console.log(`${name} (${id}), paid by ${account.address}, which holds ${formatEther(balance)}`)
  if (balance === 0n)
    throw new UserError('The account of the key file holds nothing to pay gas with.', {
      hint: `Send some to ${account.address}.`,
    })

  const file = path.join(flags.folder, `${id}.json`)
  const record = openRecord(file, { id, name })
  await verify(deployer, record, file)
  const deployed = await deployContracts(deployer, {
    known: record.contracts as Partial<Deployed>,
    nomic: {
      holders: [account.address],
      amounts: [nomicSupply],
      pollThreshold: nomicSupply / 1_000n,
      chief: chiefRules,
    },
    onDeployed: (step, address) => {
      record.contracts[step] = address
      write(file, record)
      console.log(`  ${step.padEnd(16)} ${address}`)
      return Promise.resolve()
    },
  })
  await verify(deployer, record, file)
  await furnishGlobalDao(deployer, deployed)
  if (flags.dao) await addDao(deployer, deployed, { file, record, daoFile: flags.dao })
  console.log(`\n${nextSettings({ rpc: flags.rpc, id, file, keyFile: flags.keyFile })}`)
}

function readFlags(args: string[]) {
  let values: { rpc?: string; 'key-file'?: string; chain?: string; dao?: string; folder?: string }
  try {
    ;({ values } = parseArgs({
      args,
      options: {
        rpc: { type: 'string' },
        'key-file': { type: 'string' },
        chain: { type: 'string' },
        dao: { type: 'string' },
        folder: { type: 'string' },
      },
    }))
  } catch (cause) {
    throw new UserError((cause as Error).message, { hint: usage, code: 'usage', cause })
  }
  const { rpc, chain, dao, folder = 'deployments' } = values
  const keyFile = values['key-file']
  const isUrl = rpc !== undefined && /^https?:\/\//.test(rpc)
  if (!isUrl || !keyFile)
    throw new UserError(isUrl ? 'Which key pays? --key-file names it.' : 'Which chain? --rpc names its http address.', {
      hint: usage,
      code: 'usage',
    })
  return { rpc, keyFile, chain, dao, folder }
}

function createDeployer(
  rpc: string,
  { id, name }: { id: number; name: string },
  account: ReturnType<typeof privateKeyToAccount>,
): Deployer {
  const chain = {
    ...viemChain({ id, name, url: rpc }),
    ...(knownChains[id]?.fees ? { fees: knownChains[id].fees } : {}),
  }
  const transport = roomyHttp(rpc)
  const pollingInterval = id === 31_337 ? 50 : 2_000
  return {
    client: createPublicClient({ chain, transport, pollingInterval, cacheTime: 0 }),
    wallet: createWalletClient({ chain, transport, account }),
  }
}

function openRecord(file: string, { id, name }: { id: number; name: string }): Deployment {
  if (!fs.existsSync(file)) return { chainId: id, name, sourceHash, contracts: {}, daos: [] }
  const record = readDeployment(file)
  if (record.chainId !== id) throw new UserError(`${file} speaks of chain ${record.chainId}, not of ${id}.`)
  return record
}

/** What was recorded must be there, and be what the artifacts say. */
async function verify(deployer: Deployer, record: Deployment, file: string): Promise<void> {
  const foreign = await foreignContracts(deployer.client, record.contracts as Partial<Deployed>)
  if (foreign.length > 0)
    throw new UserError(
      `Not what this version of AutoCo would put there: ${foreign.map(({ name, why }) => `${name} (${why})`).join(', ')}.`,
      { hint: `Keep the old ones and use that version, or move ${file} away to deploy all anew.` },
    )
}

async function addDao(
  deployer: Deployer,
  deployed: Deployed,
  { file, record, daoFile }: { file: string; record: Deployment; daoFile: string },
): Promise<void> {
  const params = readDaoFile(daoFile)
  const known = record.daos.find((dao) => dao.name === params.name)
  if (known) {
    console.log(`  ${params.name} is there already: ${known.dao}`)
    return
  }
  const made =
    (await foundDao(deployer, deployed, params.name)) ??
    (await createAutoDao(deployer, deployed.autoDaoFactory, params))
  record.daos.push({ name: params.name, ...made })
  write(file, record)
  console.log(`  ${params.name}: governor ${made.dao}, treasury ${made.timelock}, token ${made.token}`)
  console.log(`  Watch it from any channel: /watch ${made.dao}`)
}

/** A run that was cut off after the DAO was made and before it was recorded left it where the factory says. */
async function foundDao(
  { client, wallet }: Deployer,
  { autoDaoFactory: factory }: Deployed,
  name: string,
): Promise<DaoAddresses | undefined> {
  const [dao, timelock] = await client.readContract({
    abi: autoDaoFactory.abi,
    address: factory,
    functionName: 'predict',
    args: [wallet.account.address, keccak256(stringToHex(name))],
  })
  if (!(await client.getCode({ address: dao }))) return undefined
  const token = await client.readContract({ abi: autoDao.abi, address: dao, functionName: 'token' })
  return { dao, timelock, token }
}

/** By rename, so that a cut-off write never leaves half a record. */
function write(file: string, record: Deployment): void {
  fs.mkdirSync(path.dirname(file), { recursive: true })
  fs.writeFileSync(`${file}.new`, `${JSON.stringify(record, null, 2)}\n`)
  fs.renameSync(`${file}.new`, file)
}

function nextSettings(params: { rpc: string; id: number; file: string; keyFile: string }): string {
  return [
    'Put these into .env, then run npm run doctor:',
    `RPC_URL=${params.rpc}`,
    `CHAIN_ID=${params.id}`,
    `CONTRACTS_FILE=${params.file}`,
    `RELAYER_KEY_FILE=${params.keyFile}`,
    'PUBLIC_URL=https://…   (where people reach the signing pages)',
  ].join('\n')
}
