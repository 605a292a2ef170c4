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
import type { Deployer } from '../../bots/world/deploy.ts'
import type { Matter } from './matter.ts'
import type { VotePlan } from './plan.ts'
import type { Server } from './server.ts'
import { until } from './wait.ts'

export type Stage = { client: PublicClient; deployer: Deployer }
export type Proposed = VotePlan & { dao: Address; onchainId: bigint }

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

/** Puts every matter to the DAO of its house; they go into few blocks together. */
export async function proposeAll(
  { client, deployer }: Stage,
  houses: readonly { dao: Address; votes: readonly VotePlan[] }[],
): Promise<Proposed[]> {
  const plans = houses.flatMap(({ dao, votes }) => votes.map((plan) => ({ ...plan, dao })))
  const { wallet } = deployer
  const { account } = wallet
  const first = await client.getTransactionCount({ address: account.address })
  const hashes: Hex[] = []
  for (const [index, { matter, dao }] of plans.entries()) {
    const data = encodeFunctionData({
      abi: autoDao.abi,
      functionName: 'propose',
      args: [[account.address], [0n], ['0x'], descriptionOf(matter)],
    })
    hashes.push(await wallet.sendTransaction({ to: dao, data, nonce: first + index, chain: wallet.chain, account }))
  }
  const receipts = await Promise.all(hashes.map((hash) => client.waitForTransactionReceipt({ hash })))
  return plans.map((plan, index) => {
    const logs = receipts[index]?.logs ?? []
    const [created] = parseEventLogs({ abi: autoDao.abi, eventName: 'ProposalCreated', logs })
    if (!created) throw new Error(`${plan.matter.source} was not taken by the DAO.`)
    return { ...plan, onchainId: created.args.proposalId }
  })
}

const active = 1

/** Votes are taken from the block after the snapshot on. */
export async function waitForOpen({ client }: Stage, proposals: readonly Proposed[]): Promise<void> {
  const { dao, onchainId } = proposals.at(-1) ?? {}
  if (!dao || onchainId === undefined) return
  await until('voting to open', 60_000, async () => {
    const args = [onchainId] as const
    return (await client.readContract({ abi: autoDao.abi, address: dao, functionName: 'state', args })) === active
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
