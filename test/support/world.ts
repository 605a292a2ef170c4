import {
  encodeFunctionData,
  getAbiItem,
  parseEther,
  parseEventLogs,
  zeroHash,
  type Address,
  type Hex,
  type LocalAccount,
  type TransactionReceipt,
} from 'viem'
import { autoDao as autoDaoContract, autoIds } from '../../contracts/generated.ts'
import { createApp, parseConfig, type App, type Context, type Platform } from '../../core/index.ts'
import { createKv } from '../../core/db/keyv.ts'
import { jobs, kinds } from '../../core/features.ts'
import { createQueue } from '../../core/queue/queue.ts'
import { createLogger } from '../../core/log.ts'
import {
  createAutoDao,
  createOzDao,
  deployContracts,
  sendCall,
  type DaoAddresses,
  type Deployed,
  type Deployer,
} from '../../bots/world/deploy.ts'
import { testChain, type TestChain } from './chain.ts'
import { testDb } from './db.ts'
import { saved, type Saved } from './saved.ts'

/** The Governor's life in seconds, the same for both DAOs of a test. */
export const times = { votingDelay: 60, votingPeriod: 3_600, timelockDelay: 3_600 }

/** The smallest voter may launch the chief; half of that may lift. */
export const chiefRules = {
  launchThreshold: parseEther('100'),
  floor: parseEther('50'),
  coolDown: 60,
  delay: 3_600,
  shutdownThreshold: parseEther('1000'),
}

export type World = {
  ctx: Context
  app: App
  chain: TestChain
  databaseUrl: string
  databaseName: string
  deployed: Deployed
  /** Final ballots, new token; every voter holds 100 to 500 tokens, delegated to themselves. */
  autoDao: DaoAddresses
  /** A plain OpenZeppelin Governor with a token of its own, held alike. */
  ozDao: DaoAddresses
  /** Accounts 1 to 5: each with an Auto ID and a seat in `autoDao`. */
  voters: readonly LocalAccount[]
  /** Account 0: pays for set-up and proposes; account 9 relays. */
  deployer: Deployer
  /** Puts a proposal to a DAO by the first voter; votable after `times.votingDelay`. Answers with its on-chain id. */
  propose(
    dao: DaoAddresses,
    description: string,
    calls?: readonly { to: Address; value?: bigint; data?: Hex }[],
  ): Promise<{ onchainId: bigint; receipt: TransactionReceipt }>
  /** Moves this machine's clock, as tickets and drafts see it. */
  wait(minutes: number): void
  stop(): Promise<void>
}

export type WorldOptions = {
  settings?: Record<string, string>
  work?: boolean
  platforms?: readonly Platform[]
  changeOfMind?: boolean
  /** A chain unlike all others, on which everything is deployed anew. */
  chain?: Parameters<typeof testChain>[0]
}

/**
 * A whole AutoCo in one process without a web server: a database of its own, a real anvil with our contracts and a
 * foreign DAO, voters. No DAO is watched yet: `watchDao(ctx, …)` does that. With `work` the real workers run all jobs.
 */
export async function world(options: WorldOptions = {}, from?: Saved<unknown>): Promise<World> {
  const changeOfMind = options.changeOfMind ?? false
  const start = options.chain ? undefined : await savedContracts(changeOfMind)
  const stateFile = from?.stateFile ?? start?.stateFile
  const [database, chain] = await Promise.all([
    testDb(from?.template),
    testChain(options.chain ?? { stateFile: () => stateFile, history: 256 }),
  ])
  const { deployed, autoDao, ozDao } = start?.facts ?? (await deployAll(chain, changeOfMind))
  const log = createLogger({ level: 'silent' })
  const queue = await createQueue({ url: database.url, jobs, log })
  const { deployer, voters } = peopleOf(chain)
  const relayer = chain.accounts[9]
  if (!relayer) throw new Error('anvil has ten accounts')

  let offset = 0
  const ctx: Context = {
    config: parseConfig({ PUBLIC_URL: 'https://vote.example.org', RELAY_FLUSH_SECONDS: '0', ...options.settings }),
    db: database.db,
    kv: createKv(database.pool),
    queue,
    chain: {
      id: 31_337,
      name: 'Test chain',
      url: chain.url,
      client: chain.client,
      addresses: deployed,
      relayer,
      finalityDepth: 2,
      explorerUrl: undefined,
    },
    ai: undefined,
    log,
    now: () => Date.now() + offset,
    kinds,
  }
  const app = createApp(ctx, options.platforms ?? [])
  if (options.work) await queue.work(jobs, ctx)
  return {
    ctx,
    app,
    chain,
    databaseUrl: database.url,
    databaseName: database.name,
    deployed,
    autoDao,
    ozDao,
    voters,
    deployer,
    async propose(dao, description, calls = [{ to: voters[0]!.address }]) {
      const receipt = await sendCall(
        { ...deployer, wallet: chain.wallet(voters[0]!) },
        {
          to: dao.dao,
          data: encodeFunctionData({
            abi: autoDaoContract.abi,
            functionName: 'propose',
            args: [
              calls.map((call) => call.to),
              calls.map((call) => call.value ?? 0n),
              calls.map((call) => call.data ?? '0x'),
              description,
            ],
          }),
        },
      )
      const [created] = parseEventLogs({
        abi: autoDaoContract.abi,
        eventName: 'ProposalCreated',
        logs: receipt.logs,
      })
      if (!created) throw new Error('nothing was proposed')
      return { onchainId: created.args.proposalId, receipt }
    },
    wait(minutes) {
      offset += minutes * 60_000
    },
    async stop() {
      await queue.stop()
      await database.close()
      await chain.stop()
    },
  }
}

/** A world that was prepared once a run, starting `from` another one, and what its preparation found worth knowing. */
export async function preparedWorld<From extends World, Facts>(
  name: string,
  params: { options?: WorldOptions; from: () => Promise<From>; prepare: (w: From) => Promise<Facts> },
): Promise<World & { facts: Facts }> {
  const start = await saved(name, async () => {
    const w = await params.from()
    const facts = await params.prepare(w)
    return { facts, chain: w.chain, history: false, database: w.databaseName, stop: () => w.stop() }
  })
  const w = await world(params.options, start)
  // Whoever asks for the newest final block asks for one that was mined here, and all that was prepared is final.
  await w.chain.rpc('anvil_mine', ['0x50'])
  return { ...w, facts: start.facts }
}

type Contracts = { deployed: Deployed; autoDao: DaoAddresses; ozDao: DaoAddresses }

const savedContracts = (changeOfMind: boolean): Promise<Saved<Contracts>> =>
  saved(changeOfMind ? 'contracts-change' : 'contracts', async () => {
    const chain = await testChain()
    return { facts: await deployAll(chain, changeOfMind), chain, history: true, stop: () => chain.stop() }
  })

function peopleOf(chain: TestChain): { deployer: Deployer; voters: readonly LocalAccount[] } {
  const [admin, ...others] = chain.accounts
  if (!admin) throw new Error('anvil has ten accounts')
  return { deployer: { client: chain.client, wallet: chain.wallet(admin) }, voters: others.slice(0, 5) }
}

async function deployAll(chain: TestChain, changeOfMind: boolean): Promise<Contracts> {
  const { deployer, voters } = peopleOf(chain)
  const holdings = {
    holders: voters.map(({ address }) => address),
    amounts: voters.map((_, index) => parseEther(String(100 * (index + 1)))),
  }
  const deployed = await deployContracts(deployer, {
    nomic: { ...holdings, pollThreshold: parseEther('1'), chief: chiefRules },
  })
  await registerAll(deployer, deployed.autoIds, voters)
  const rules = { votingDelay: times.votingDelay, votingPeriod: times.votingPeriod, quorumPercent: 4n }
  const autoDao = await createAutoDao(deployer, deployed.autoDaoFactory, {
    ...rules,
    name: 'Test DAO',
    token: { name: 'Test DAO', symbol: 'TEST', ...holdings },
    proposalThreshold: 1n,
    lateQuorumExtension: 0,
    timelockDelay: BigInt(times.timelockDelay),
    changeOfMind,
  })
  const ozDao = await createOzDao(deployer, {
    ...rules,
    ...holdings,
    name: 'Plain DAO',
    symbol: 'PLAIN',
    proposalThreshold: 0n,
    timelockDelay: BigInt(times.timelockDelay),
  })
  await sendCall(deployer, {
    to: autoDao.dao,
    data: encodeFunctionData({
      abi: autoDaoContract.abi,
      functionName: 'enrol',
      args: [voters.map((_, index) => BigInt(index + 1))],
    }),
  })
  await chain.travel(1)
  return { deployed, autoDao, ozDao }
}

/** Gives each account an Auto ID by its own signature, in order: the first gets id 1 on a fresh chain. */
export async function registerAll(
  deployer: Deployer,
  registry: Address,
  accounts: readonly LocalAccount[],
): Promise<void> {
  const types = { Registration: getAbiItem({ abi: autoIds.abi, name: 'register' }).inputs[0].components }
  const domain = { name: 'AutoIds', version: '1', chainId: 31_337, verifyingContract: registry }
  const registrations = accounts.map(({ address }) => ({
    controller: address,
    kind: 1,
    issuer: 0n,
    validUntil: 0,
    certificate: zeroHash,
    nonce: 0n,
    deadline: 2n ** 48n,
  }))
  const signatures = await Promise.all(
    accounts.map((account, index) =>
      account.signTypedData({ domain, types, primaryType: 'Registration', message: registrations[index]! }),
    ),
  )
  await sendCall(deployer, {
    to: registry,
    data: encodeFunctionData({ abi: autoIds.abi, functionName: 'registerMany', args: [registrations, signatures] }),
  })
}
