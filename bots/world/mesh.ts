import {
  encodeFunctionData,
  erc20Abi,
  isAddressEqual,
  parseEther,
  stringToHex,
  zeroHash,
  type Address,
  type Hex,
} from 'viem'
import { challenge, globalDao } from '../../contracts/generated.ts'
import type { Rpc } from './devchain.ts'
import { sendCall, type Deployed, type Deployer } from './deploy.ts'

/** What work is about, each under another or on its own; the curator may add more. */
const domains: readonly (readonly [name: string, parent?: string])[] = [
  ['engineering'],
  ['contracts', 'engineering'],
  ['web', 'engineering'],
  ['writing'],
  ['translation', 'writing'],
  ['design'],
  ['research'],
  ['data', 'research'],
  ['community'],
  ['integration'],
]

export const domainId = (name: string): Hex => stringToHex(name, { size: 32 })

const abi = globalDao.abi

/** As its curator, lists the token that challenges pay in and adds the domains; what is there stays. Who is not the curator changes nothing. */
export async function furnishGlobalDao(
  deployer: Deployer,
  { globalDao: address, nomic }: Pick<Deployed, 'globalDao' | 'nomic'>,
): Promise<void> {
  const { client, wallet } = deployer
  const to: Address = address
  const curator = await client.readContract({ abi, address, functionName: 'curator' })
  if (!isAddressEqual(curator, wallet.account.address)) return
  if ((await client.readContract({ abi, address, functionName: 'unitOf', args: [nomic] })) === 0n)
    await sendCall(deployer, {
      to,
      data: encodeFunctionData({ abi, functionName: 'listToken', args: [nomic, 10n ** 18n] }),
    })
  for (const [name, parent] of domains) {
    if (await client.readContract({ abi, address, functionName: 'domainExists', args: [domainId(name)] })) continue
    const args = [domainId(name), parent === undefined ? zeroHash : domainId(parent)] as const
    await sendCall(deployer, { to, data: encodeFunctionData({ abi, functionName: 'addDomain', args }) })
  }
}

const day = 86_400
const budget = parseEther('2000')

const text =
  'Newcomers do not know where to begin. We want a guide to taking part in a DAO that anyone can follow in ten minutes, in their own language.'
const requirements = [
  'It explains a vote from the announcement to the execution',
  'It has a picture for every step',
  'It can be read in two languages at least',
]

type Part = { title: string; acceptance: string; domain: string; weight: number; needs: number[]; covers: number[] }

const parts: readonly Part[] = [
  {
    title: 'Write the guide',
    acceptance: 'Somebody who never voted follows it without asking',
    domain: 'writing',
    weight: 4_000,
    needs: [],
    covers: [0],
  },
  {
    title: 'Draw a picture for every step',
    acceptance: 'Each picture is understood without its text',
    domain: 'design',
    weight: 2_500,
    needs: [0],
    covers: [1],
  },
  {
    title: 'Translate it',
    acceptance: 'A native speaker finds nothing to mend',
    domain: 'translation',
    weight: 2_500,
    needs: [0],
    covers: [2],
  },
  {
    title: 'Put guide, pictures and translations together',
    acceptance: 'One page, tested on a phone',
    domain: 'integration',
    weight: 1_000,
    needs: [0, 1, 2],
    covers: [],
  },
]

const bitsOf = (numbers: readonly number[]): number => numbers.reduce((set, bit) => set | (1 << bit), 0)

const tasks = parts.map(({ title, acceptance, domain, weight, needs, covers }) => ({
  title,
  acceptance,
  domain: domainId(domain),
  weight,
  dependencies: bitsOf(needs),
  covers: bitsOf(covers),
  workTime: 14 * day,
  minStake: 0n,
}))

/** A DAO that takes part: what acts for it, and who may act beside that. */
type Member = { name: string; account: Address; executive: Address; domains: readonly (readonly [string, number])[] }

/** Two DAOs take part, and one challenge is paid for, planned and open for bids. */
export async function seedChallenge(
  deployer: Deployer,
  params: { rpc: Rpc; contracts: Pick<Deployed, 'globalDao' | 'nomic'>; members: readonly Member[] },
): Promise<void> {
  const { rpc, contracts, members } = params
  const { client, wallet } = deployer
  const to = contracts.globalDao
  await furnishGlobalDao(deployer, contracts)
  for (const [at, { name, account, executive, domains }] of members.entries()) {
    const args = [name, domains.map(([domain]) => domainId(domain)), domains.map(([, points]) => points)] as const
    await sendFrom(rpc, account, { to, data: encodeFunctionData({ abi, functionName: 'join', args }) })
    const naming = encodeFunctionData({ abi, functionName: 'nameExecutive', args: [BigInt(at + 1), executive] })
    await sendFrom(rpc, account, { to, data: naming })
  }
  const { timestamp } = await client.getBlock()
  const terms = {
    fundingUntil: Number(timestamp) + 10 * day,
    deadline: Number(timestamp) + 300 * day,
    planningTime: 10 * day,
    biddingTime: 21 * day,
    revealTime: day,
    reviewTime: 3 * day,
    ratingTime: 2 * day,
  }
  const { nomic: token } = contracts
  const title = 'A guide that anyone can follow'
  const asked = { title, text, requirements, token, goal: budget, terms, salt: zeroHash }
  const steward = wallet.account.address
  const at = await client.readContract({
    abi,
    address: to,
    functionName: 'predictChallenge',
    args: [steward, zeroHash],
  })
  const call = (data: Hex, target: Address = at): Promise<unknown> => sendCall(deployer, { to: target, data })
  await call(encodeFunctionData({ abi, functionName: 'createChallenge', args: [asked] }), to)
  await call(encodeFunctionData({ abi: erc20Abi, functionName: 'approve', args: [at, budget * 2n] }), token)
  const of = { abi: challenge.abi } as const
  await call(encodeFunctionData({ ...of, functionName: 'fund', args: [budget] }))
  const summary = 'The text first, then pictures and translations side by side.'
  await call(encodeFunctionData({ ...of, functionName: 'proposePlan', args: [summary, tasks] }))
  await call(encodeFunctionData({ ...of, functionName: 'judgePlan', args: [1n, true] }))
  await call(encodeFunctionData({ ...of, functionName: 'adoptPlan', args: [1n, tasks] }))
  const bidder = members[1]
  if (!bidder) return
  const stake = parseEther('200')
  const approve = encodeFunctionData({ abi: erc20Abi, functionName: 'approve', args: [at, stake] })
  await sendFrom(rpc, bidder.executive, { to: token, data: approve })
  const bid = encodeFunctionData({ ...of, functionName: 'bid', args: [0n, 2n, stake] })
  await sendFrom(rpc, bidder.executive, { to: at, data: bid })
}

/** In the name of any account of a chain that is ours, as a DAO's timelock would after a vote. */
async function sendFrom(rpc: Rpc, from: Address, call: { to: Address; data: Hex }): Promise<void> {
  await rpc('anvil_impersonateAccount', [from])
  const balance = await rpc<Hex>('eth_getBalance', [from, 'latest'])
  if (BigInt(balance) < parseEther('1')) await rpc('anvil_setBalance', [from, '0xde0b6b3a7640000'])
  const hash = await rpc<Hex>('eth_sendTransaction', [{ from, ...call }])
  for (let tries = 0; tries < 100; tries += 1) {
    const receipt = await rpc<{ status: Hex } | null>('eth_getTransactionReceipt', [hash])
    if (receipt === null) continue
    await rpc('anvil_stopImpersonatingAccount', [from])
    if (receipt.status === '0x1') return
    break
  }
  throw new Error(`Transaction ${hash} of the embedded world failed.`)
}
