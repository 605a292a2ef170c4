import { encodeDeployData, keccak256, maxUint256, stringToHex, toHex, type Abi, type Address, type Hex } from 'viem'
import type { HDAccount } from 'viem/accounts'
import { autoIds, challenge, globalDao, ozToken } from '../../contracts/generated.ts'
import { createChallenge, type Challenge } from '../../core/mesh/challenge.ts'
import { createMesh, joinMesh, type Mesh } from '../../core/mesh/mesh.ts'
import { testChain, type TestChain } from './chain.ts'

/** A Global DAO on a real chain and its model, with the same DAOs; account i acts for DAO i, 7 and 8 are sponsors. */
export type MeshWorld = {
  chain: TestChain
  model: Mesh
  globalDao: Address
  coin: Address
  dao(number: number): HDAccount
  sponsors: readonly [HDAccount, HDAccount]
  objector: HDAccount
  /** Sends, and says when the block was. */
  send(from: HDAccount, call: Call): Promise<bigint>
  read<T>(call: Omit<Call, 'abi'> & { abi: Abi }): Promise<T>
  stop(): Promise<void>
}

type Call = { address: Address; abi: Abi; functionName: string; args?: readonly unknown[] }

const coin = 10n ** 18n
const unit = 100n * coin
export const daoCount = 6
export const domains = { tech: undefined, solidity: 'tech', design: undefined } as const
export type Domain = keyof typeof domains
const hour = 3600
const day = 86_400

export async function meshWorld(): Promise<MeshWorld> {
  const chain = await testChain()
  const account = (index: number): HDAccount => {
    const found = chain.accounts[index]
    if (!found) throw new Error(`No account ${index}`)
    return found
  }
  const curator = account(0)
  const sponsors = [account(7), account(8)] as const
  const deploy = async (contract: { abi: Abi; bytecode: Hex }, args: readonly unknown[]): Promise<Address> => {
    const data = encodeDeployData({ ...contract, args })
    const hash = await chain.wallet(curator).sendTransaction({ data })
    const { contractAddress } = await chain.client.waitForTransactionReceipt({ hash })
    if (!contractAddress) throw new Error('Not deployed')
    return contractAddress
  }
  const send: MeshWorld['send'] = async (from, call) => {
    const hash = await chain.wallet(from).writeContract(call)
    const { status, blockNumber } = await chain.client.waitForTransactionReceipt({ hash })
    if (status !== 'success') throw new Error(`${call.functionName} failed`)
    return (await chain.client.getBlock({ blockNumber })).timestamp
  }
  const everybody = Array.from({ length: 10 }, (_, i) => account(i))
  const ids = await deploy(autoIds, [])
  const token = await deploy(ozToken, [
    'Coin',
    'COIN',
    everybody.map(({ address }) => address),
    everybody.map(() => 1_000_000n * coin),
  ])
  const implementation = await deploy(challenge, [])
  const address = await deploy(globalDao, [implementation, ids, curator.address, curator.address])
  const model = createMesh(Object.entries(domains))
  const call = (functionName: string, args: readonly unknown[]): Call => ({
    address,
    abi: globalDao.abi,
    functionName,
    args,
  })
  for (const [domain, parent] of Object.entries(domains))
    await send(curator, call('addDomain', [tag(domain), parent ? tag(parent) : toHex(0, { size: 32 })]))
  await send(curator, call('listToken', [token, unit]))
  for (let i = 1; i <= daoCount; i++) {
    const interest = [
      [i % 2 === 0 ? 'tech' : 'solidity', 40 + i],
      ['design', 30],
    ] as const
    await send(
      account(i),
      call('join', [`DAO ${i}`, interest.map(([domain]) => tag(domain)), interest.map(([, n]) => n)]),
    )
    joinMesh(model, account(i).address, interest)
  }
  return {
    chain,
    model,
    globalDao: address,
    coin: token,
    dao: account,
    sponsors,
    objector: account(9),
    send,
    read: async <T>(call: Omit<Call, 'abi'> & { abi: Abi }) => (await chain.client.readContract(call)) as T,
    stop: () => chain.stop(),
  }
}

export type Specs = readonly { domain: Domain; weight: number; dependencies: number }[]

/** A challenge of 1,000 coins at work, on the chain and in the model. */
export async function challengeAtWork(w: MeshWorld, specs: Specs): Promise<{ address: Address; model: Challenge }> {
  const now = Number((await w.chain.client.getBlock()).timestamp)
  const [ann, bob] = w.sponsors
  const create = { address: w.globalDao, abi: globalDao.abi as Abi, functionName: 'createChallenge' }
  const salt = keccak256(toHex(now))
  const terms = {
    fundingUntil: now + 7 * day,
    deadline: now + 100 * day,
    planningTime: day,
    biddingTime: hour,
    revealTime: hour,
    reviewTime: hour,
    ratingTime: hour,
  }
  const params = {
    title: 'Boat',
    text: '',
    requirements: ['It floats'],
    token: w.coin,
    goal: 1000n * coin,
    terms,
    salt,
  }
  await w.send(ann, { ...create, args: [params] })
  const address = await w.read<Address>({ ...create, functionName: 'predictChallenge', args: [ann.address, salt] })
  for (const account of w.chain.accounts)
    await w.send(account, { address: w.coin, abi: ozToken.abi, functionName: 'approve', args: [address, maxUint256] })
  const call = (functionName: string, args: readonly unknown[]): Call => ({
    address,
    abi: challenge.abi,
    functionName,
    args,
  })
  await w.send(ann, call('fund', [600n * coin]))
  await w.send(bob, call('fund', [400n * coin]))
  const tasks = specs.map(({ domain, weight, dependencies }, index) => ({
    title: `Task ${index}`,
    acceptance: '',
    domain: tag(domain),
    weight,
    dependencies,
    covers: 1,
    workTime: day,
    minStake: 0n,
  }))
  await w.send(ann, call('proposePlan', ['', tasks]))
  await w.send(ann, call('judgePlan', [1n, true]))
  await w.send(ann, call('adoptPlan', [1n, tasks]))
  const model = createChallenge(w.model, {
    unit,
    treasury: w.dao(0).address,
    sponsors: [
      [ann.address, 600n * coin],
      [bob.address, 400n * coin],
    ],
    tasks: specs,
  })
  // The bond of the plan that was adopted.
  model.credits.set(ann.address, 10n * coin)
  return { address, model }
}

export function tag(domain: string): Hex {
  return stringToHex(domain, { size: 32 })
}
