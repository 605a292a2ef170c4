import {
  encodeFunctionData,
  getAddress,
  keccak256,
  parseEventLogs,
  stringToHex,
  zeroAddress,
  zeroHash,
  type Abi,
  type Account,
  type Address,
  type Chain,
  type Hex,
  type PublicClient,
  type TransactionReceipt,
  type Transport,
  type WalletClient,
} from 'viem'
import {
  autoDao,
  autoDaoFactory,
  autoDaoTimelock,
  autoDaoToken,
  autoIds,
  chief,
  multicall,
  nomic,
  ozGovernor,
  ozTimelock,
  ozToken,
  pause,
  polls,
  shutdown,
  spellFactory,
} from '../../contracts/generated.ts'

/** Who pays for putting contracts on a chain. */
export type Deployer = { client: PublicClient; wallet: WalletClient<Transport, Chain | undefined, Account> }

type Contract = { abi: Abi; bytecode: Hex }
type Holdings = { holders: readonly Address[]; amounts: readonly bigint[] }

/** AutoCo's own contracts on a chain, by the names under which `npm run deploy` records them. */
export type Deployed = Record<
  | 'autoIds'
  | 'multicall'
  | 'autoDao'
  | 'autoDaoTimelock'
  | 'autoDaoToken'
  | 'autoDaoFactory'
  | 'nomic'
  | 'chief'
  | 'shutdown'
  | 'pause'
  | 'spellFactory'
  | 'polls',
  Address
>

type Step = { contract: Contract; args: (known: Deployed, nomicSeed: NomicSeed) => readonly unknown[] }
type NomicSeed = Holdings & { pollThreshold: bigint; chief: ChiefRules }

/** Amounts are of NOMIC, times in seconds. */
export type ChiefRules = {
  launchThreshold: bigint
  floor: bigint
  coolDown: number
  delay: number
  shutdownThreshold: bigint
}

/** In the order in which they need one another. */
export const deploySteps: Record<keyof Deployed, Step> = {
  autoIds: { contract: autoIds, args: () => [] },
  multicall: { contract: multicall, args: () => [] },
  autoDao: { contract: autoDao, args: (known) => [known.autoIds] },
  autoDaoTimelock: { contract: autoDaoTimelock, args: () => [] },
  autoDaoToken: { contract: autoDaoToken, args: () => [] },
  autoDaoFactory: {
    contract: autoDaoFactory,
    args: (known) => [known.autoDao, known.autoDaoTimelock, known.autoDaoToken],
  },
  nomic: { contract: nomic, args: (known, { holders, amounts }) => [known.autoIds, holders, amounts] },
  // Before the polls, so that who hears the DAO from its chief on hears all polls.
  chief: {
    contract: chief,
    args: (known, { chief: { launchThreshold, floor, coolDown } }) => [known.nomic, launchThreshold, floor, coolDown],
  },
  shutdown: { contract: shutdown, args: (known, { chief: { shutdownThreshold } }) => [known.nomic, shutdownThreshold] },
  pause: { contract: pause, args: (known, { chief: { delay } }) => [known.chief, known.shutdown, delay] },
  spellFactory: { contract: spellFactory, args: (known) => [known.pause] },
  polls: { contract: polls, args: (known, { pollThreshold }) => [known.nomic, pollThreshold] },
}

/** Puts on the chain what is not `known` yet; `onDeployed` hears of each contract, so that a cut-off run can go on. */
export async function deployContracts(
  deployer: Deployer,
  params: {
    nomic: NomicSeed
    known?: Partial<Deployed>
    onDeployed?: (name: keyof Deployed, address: Address) => Promise<void>
  },
): Promise<Deployed> {
  const known = { ...params.known } as Deployed
  for (const [name, { contract, args }] of Object.entries(deploySteps) as [keyof Deployed, Step][]) {
    if (known[name] !== undefined) continue
    known[name] = await deployContract(deployer, contract, args(known, params.nomic))
    await params.onDeployed?.(name, known[name])
  }
  return known
}

async function deployContract(
  { client, wallet }: Deployer,
  { abi, bytecode }: Contract,
  args: readonly unknown[] = [],
): Promise<Address> {
  const hash = await wallet.deployContract({ abi, bytecode, args, account: wallet.account, chain: wallet.chain })
  const { contractAddress } = await mined(client, hash)
  if (!contractAddress) throw new Error(`Transaction ${hash} made no contract.`)
  return getAddress(contractAddress)
}

/** One transaction, mined and not reverted. */
export async function sendCall(
  { client, wallet }: Deployer,
  call: { to: Address; data?: Hex; value?: bigint },
): Promise<TransactionReceipt> {
  const hash = await wallet.sendTransaction({ ...call, account: wallet.account, chain: wallet.chain })
  return await mined(client, hash)
}

export type AutoDaoParams = {
  name: string
  /** Only for a new token. */
  token: { address: Address } | ({ name: string; symbol: string } & Holdings)
  /** Seconds. */
  votingDelay: number
  /** Seconds. */
  votingPeriod: number
  proposalThreshold: bigint
  quorumPercent: bigint
  /** Seconds. */
  lateQuorumExtension: number
  /** Seconds; 0 for a DAO that holds nothing. */
  timelockDelay: bigint
  changeOfMind: boolean
  guardian?: Address
}
export type DaoAddresses = { dao: Address; timelock: Address; token: Address }

/** A DAO of the framework, through its factory. */
export async function createAutoDao(
  deployer: Deployer,
  factory: Address,
  { token, guardian = zeroAddress, ...params }: AutoDaoParams,
): Promise<DaoAddresses> {
  const isNew = !('address' in token)
  const { logs } = await sendCall(deployer, {
    to: factory,
    data: encodeFunctionData({
      abi: autoDaoFactory.abi,
      functionName: 'create',
      args: [
        {
          ...params,
          guardian,
          token: isNew ? zeroAddress : token.address,
          tokenName: isNew ? token.name : '',
          tokenSymbol: isNew ? token.symbol : '',
          holders: isNew ? token.holders : [],
          amounts: isNew ? token.amounts : [],
          salt: keccak256(stringToHex(params.name)),
        },
      ],
    }),
  })
  const [created] = parseEventLogs({ abi: autoDaoFactory.abi, eventName: 'DaoCreated', logs })
  if (!created) throw new Error('The factory made no DAO.')
  return { dao: created.args.dao, timelock: created.args.timelock, token: created.args.token }
}

/** Somebody else's DAO: a plain OpenZeppelin Governor with token and timelock, wired as its documentation says. */
export async function createOzDao(
  deployer: Deployer,
  params: Holdings & {
    name: string
    symbol: string
    votingDelay: number
    votingPeriod: number
    proposalThreshold: bigint
    quorumPercent: bigint
    timelockDelay: bigint
  },
): Promise<DaoAddresses> {
  const admin = deployer.wallet.account.address
  const token = await deployContract(deployer, ozToken, [params.name, params.symbol, params.holders, params.amounts])
  const timelock = await deployContract(deployer, ozTimelock, [params.timelockDelay, [], [zeroAddress], admin])
  const dao = await deployContract(deployer, ozGovernor, [
    params.name,
    token,
    timelock,
    params.votingDelay,
    params.votingPeriod,
    params.proposalThreshold,
    params.quorumPercent,
  ])
  const grant = (functionName: 'grantRole' | 'renounceRole', role: Hex, account: Address) =>
    sendCall(deployer, {
      to: timelock,
      data: encodeFunctionData({ abi: ozTimelock.abi, functionName, args: [role, account] }),
    })
  await grant('grantRole', keccak256(stringToHex('PROPOSER_ROLE')), dao)
  await grant('grantRole', keccak256(stringToHex('CANCELLER_ROLE')), dao)
  await grant('renounceRole', zeroHash, admin)
  return { dao, timelock, token }
}

async function mined(client: PublicClient, hash: Hex): Promise<TransactionReceipt> {
  const receipt = await client.waitForTransactionReceipt({ hash })
  if (receipt.status !== 'success') throw new Error(`Transaction ${hash} was reverted.`)
  return receipt
}
