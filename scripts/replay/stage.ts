import {
  createPublicClient,
  createWalletClient,
  encodeFunctionData,
  http,
  parseEther,
  parseEventLogs,
  toHex,
  type Address,
  type Hex,
  type PublicClient,
} from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { foundry } from 'viem/chains'
import { autoDao } from '../../contracts/generated.ts'
import { createAutoDao, type Deployer } from '../world/deploy.ts'
import type { Matter } from './matter.ts'
import type { House, VotePlan } from './plan.ts'
import type { Server } from './server.ts'
import { walletOf } from './voter.ts'

export type Stage = { client: PublicClient; deployer: Deployer }
export type Proposed = VotePlan & { dao: Address; onchainId: bigint }

const votingPeriod = 7 * 86_400

/** An account with play money on the server's chain, to make DAOs and proposals with. */
export async function openStage({ rpcUrl }: Pick<Server, 'rpcUrl'>): Promise<Stage> {
  const transport = http(rpcUrl)
  const client = createPublicClient({ chain: foundry, transport, pollingInterval: 100, cacheTime: 0 }) as PublicClient
  const account = privateKeyToAccount(generatePrivateKey())
  await client.request({
    method: 'anvil_setBalance' as never,
    params: [account.address, toHex(parseEther('10000'))] as never,
  })
  return { client, deployer: { client, wallet: createWalletClient({ account, chain: foundry, transport }) } }
}

/** The DAO of a house: its token is held as the plan says. */
export async function buildHouse({ deployer }: Stage, factory: Address, house: House): Promise<Address> {
  const { dao } = await createAutoDao(deployer, factory, {
    name: house.name,
    token: {
      name: `${house.name} votes`,
      symbol: 'VOTES',
      holders: house.holdings.map((_, index) => walletOf(index).address),
      amounts: house.holdings,
    },
    votingDelay: 1,
    votingPeriod,
    proposalThreshold: 0n,
    quorumPercent: 1n,
    lateQuorumExtension: 0,
    timelockDelay: 0n,
    changeOfMind: false,
  })
  return dao
}

/** Puts every matter of a house to its DAO; they go into few blocks together. */
export async function proposeAll(
  { client, deployer }: Stage,
  { dao, votes }: { dao: Address; votes: readonly VotePlan[] },
): Promise<Proposed[]> {
  const { wallet } = deployer
  const { account } = wallet
  const first = await client.getTransactionCount({ address: account.address })
  const hashes: Hex[] = []
  for (const [index, { matter }] of votes.entries()) {
    const data = encodeFunctionData({
      abi: autoDao.abi,
      functionName: 'propose',
      args: [[account.address], [0n], ['0x'], descriptionOf(matter)],
    })
    hashes.push(await wallet.sendTransaction({ to: dao, data, nonce: first + index, chain: wallet.chain, account }))
  }
  const receipts = await Promise.all(hashes.map((hash) => client.waitForTransactionReceipt({ hash })))
  return votes.map((plan, index) => {
    const logs = receipts[index]?.logs ?? []
    const [created] = parseEventLogs({ abi: autoDao.abi, eventName: 'ProposalCreated', logs })
    if (!created) throw new Error(`${plan.matter.source} was not taken by the DAO.`)
    return { ...plan, dao, onchainId: created.args.proposalId }
  })
}

const plain: Record<number, string> = { 0: 'against', 1: 'for', 2: 'abstain' }

/** The text as the contract gets it; choices that were named otherwise are explained. */
function descriptionOf({ title, body, result, source }: Matter): string {
  const renamed = (result?.choices ?? []).filter(({ words, support }) => words.toLowerCase() !== plain[support])
  const key = renamed.map(({ words, support }) => `${plain[support]} stands for “${words}”`).join(', ')
  return [
    `# ${title.replaceAll(/\s+/g, ' ')}`,
    body,
    ...(key ? [`In this vote, ${key}.`] : []),
    `Replayed from ${source}.`,
  ]
    .join('\n\n')
    .toWellFormed()
    .replaceAll('\0', '')
}
