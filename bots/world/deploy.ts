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
  charter,
  idVotes,
  challenge,
  globalDao,
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
  | 'charter'
  | 'autoDao'
  | 'autoDaoTimelock'
  | 'autoDaoToken'
  | 'idVotes'
  | 'autoDaoFactory'
  | 'nomic'
  | 'chief'
  | 'shutdown'
  | 'pause'
  | 'spellFactory'
  | 'polls'
  | 'challenge'
  | 'globalDao',
  Address
>

type Step = {
  contract: Contract
  args: (known: Deployed, nomicSeed: NomicSeed, deployer: Address) => readonly unknown[]
}
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
  charter: { contract: charter, args: (known) => [known.autoIds] },
  autoDao: { contract: autoDao, args: (known) => [known.autoIds, known.charter] },
  autoDaoTimelock: { contract: autoDaoTimelock, args: () => [] },
  autoDaoToken: { contract: autoDaoToken, args: () => [] },
  idVotes: { contract: idVotes, args: (known) => [known.autoIds] },
  autoDaoFactory: {
    contract: autoDaoFactory,
    args: (known) => [known.autoDao, known.autoDaoTimelock, known.autoDaoToken, known.idVotes],
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
  challenge: { contract: challenge, args: () => [] },
  // Who deploys curates it and receives its fees, until both are handed on.
  globalDao: {
    contract: globalDao,
    args: (known, _, deployer) => [known.challenge, known.autoIds, deployer, deployer],
  },
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
    known[name] = await deployContract(deployer, contract, args(known, params.nomic, deployer.wallet.account.address))
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
  /** One there is, a new one with its holders, or a club of Auto IDs with its founders. */
  token:
    | { address: Address }
    | ({ name: string; symbol: string; maxSupply?: bigint } & Holdings)
    | { name: string; symbol: string; founders: readonly bigint[]; entry?: ClubEntry }
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
  rules?: Partial<DaoRules>
  ai?: { promptHash: Hex; features: string }
}
/** Who may join a club: any Auto ID, or one with a score from an attestor; agents where they may. */
type ClubEntry = { attestor: number; minScore: number; agents: boolean; topic: Hex }
type DaoRules = typeof plainRules
export type DaoAddresses = { dao: Address; timelock: Address; token: Address }

const openEntry: ClubEntry = { attestor: 0, minScore: 0, agents: false, topic: zeroHash }

/** Tokens are votes, for anybody. */
export const plainRules = {
  transform: 0,
  cap: 0n,
  capShare: 0,
  agents: 0,
  agentShare: 0,
  attestor: 0,
  minScore: 0,
  scoreDays: 0,
  topic: zeroHash as Hex,
}

/** A DAO of the framework, through its factory. */
export async function createAutoDao(
  deployer: Deployer,
  factory: Address,
  { token, guardian = zeroAddress, rules, ai, ...params }: AutoDaoParams,
): Promise<DaoAddresses> {
  const { logs } = await sendCall(deployer, {
    to: factory,
    data: encodeFunctionData({
      abi: autoDaoFactory.abi,
      functionName: 'create',
      args: [
        {
          ...params,
          guardian,
          ...sourceOf(token),
          rules: { ...plainRules, ...rules },
          promptHash: ai?.promptHash ?? zeroHash,
          aiFeatures: ai?.features ?? '',
          salt: keccak256(stringToHex(params.name)),
        },
      ],
    }),
  })
  const [created] = parseEventLogs({ abi: autoDaoFactory.abi, eventName: 'DaoCreated', logs })
  if (!created) throw new Error('The factory made no DAO.')
  return { dao: created.args.dao, timelock: created.args.timelock, token: created.args.token }
}

/** Where the votes of a new DAO come from, as the factory takes it. */
function sourceOf(token: AutoDaoParams['token']) {
  const none = {
    token: zeroAddress,
    tokenName: '',
    tokenSymbol: '',
    holders: [],
    amounts: [],
    maxSupply: 0n,
    founders: [],
    entry: openEntry,
  }
  if ('address' in token) return { ...none, token: token.address }
  const { name: tokenName, symbol: tokenSymbol, ...rest } = token
  return { ...none, tokenName, tokenSymbol, ...rest }
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
