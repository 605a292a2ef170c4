import fs from 'node:fs'
import path from 'node:path'
import { createPublicClient, http, toHex, type PublicClient } from 'viem'
import { mnemonicToAccount } from 'viem/accounts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { autoDao } from '../../contracts/generated.ts'
import { readDeployment } from '../../core/chain/deployment.ts'
import { startDevchain, type Devchain } from '../../bots/world/devchain.ts'
import { deploySteps } from '../../bots/world/deploy.ts'
import { runScript, temporaryFolder } from '../support/process.ts'

const folder = temporaryFolder()
const account = mnemonicToAccount('test test test test test test test test test test test junk')
const keyFile = path.join(folder, 'relayer.key')
const record = path.join(folder, 'deployments', '490000.json')
let chain: Devchain
let client: PublicClient

beforeAll(async () => {
  chain = await startDevchain({ chainId: 490_000 })
  client = createPublicClient({ transport: http(chain.url), cacheTime: 0 })
  fs.writeFileSync(keyFile, `${toHex(account.getHdKey().privateKey!)}\n`, { mode: 0o600 })
})
afterAll(async () => {
  await chain.stop()
  fs.rmSync(folder, { recursive: true, force: true })
})

async function deploy(...args: string[]): Promise<{ code: number | null; said: string }> {
  const script = runScript('scripts/deploy.ts', {
    cwd: folder,
    args: ['--rpc', chain.url, '--key-file', keyFile, ...args],
  })
  return { code: await script.ended, said: script.said() }
}
const nonce = (): Promise<number> => client.getTransactionCount({ address: account.address })

describe('refuses before it sends anything', () => {
  test('without an RPC or a key, and says how it is called', async () => {
    const script = runScript('scripts/deploy.ts', { cwd: folder, args: ['--rpc', chain.url] })
    expect(await script.ended).toBe(2)
    expect(script.said()).toContain('--key-file <file>')
  })

  test('a key file that others may read', async () => {
    fs.chmodSync(keyFile, 0o640)
    const { code, said } = await deploy()
    fs.chmodSync(keyFile, 0o600)
    expect(code).toBe(1)
    expect(said).toContain(`chmod 600 ${keyFile}`)
  })

  test('another chain than the one named', async () => {
    const { code, said } = await deploy('--chain', 'autonomys')
    expect(code).toBe(1)
    expect(said).toContain('--chain autonomys is chain 870, but the RPC leads to chain 490000.')
  })

  test('a chain of no known name', async () => {
    expect((await deploy('--chain', 'mainland')).said).toContain('autonomys (870), chronos (490000)')
  })

  test('an account that holds nothing', async () => {
    const poor = path.join(folder, 'poor.key')
    fs.writeFileSync(poor, `0x${'7'.repeat(64)}`, { mode: 0o600 })
    const script = runScript('scripts/deploy.ts', { cwd: folder, args: ['--rpc', chain.url, '--key-file', poor] })
    expect(await script.ended).toBe(1)
    expect(script.said()).toMatch(/Send some to 0x/)
  })

  afterAll(async () => {
    expect(await nonce()).toBe(0)
  })
})

describe('on a chain that has nothing yet', () => {
  test('puts all contracts there, records them and says which settings come next', async () => {
    const { code, said } = await deploy('--chain', 'chronos')
    expect(said).toContain('Chronos testnet (490000)')
    expect(code).toBe(0)
    const { contracts, chainId } = readDeployment(record)
    expect(chainId).toBe(490_000)
    expect(Object.keys(contracts)).toEqual(Object.keys(deploySteps))
    for (const address of Object.values(contracts))
      expect(await client.getCode({ address: address as `0x${string}` })).toBeDefined()
    expect(said).toContain('CONTRACTS_FILE=deployments/490000.json')
    expect(said).toContain(`RELAYER_KEY_FILE=${keyFile}`)
  })

  test('gives nothing to block makers on a chain where a tip buys nothing, and leaves room in its gas', async () => {
    const block = await client.getBlock({ blockNumber: 1n, includeTransactions: true })
    const [transaction] = block.transactions
    expect(transaction?.maxPriorityFeePerGas).toBe(0n)
    const receipt = await client.getTransactionReceipt({ hash: transaction!.hash })
    expect(Number(transaction!.gas) / Number(receipt.gasUsed)).toBeGreaterThan(1.25)
  })
})

describe('run again', () => {
  test('sends nothing when all is there', async () => {
    const before = await nonce()
    expect((await deploy()).code).toBe(0)
    expect(await nonce()).toBe(before)
  })

  test('goes on where it was cut off', async () => {
    const whole = readDeployment(record)
    const gone = ['nomic', 'chief', 'shutdown', 'pause', 'spellFactory', 'polls']
    const kept = Object.fromEntries(Object.entries(whole.contracts).filter(([name]) => !gone.includes(name)))
    fs.writeFileSync(record, JSON.stringify({ ...whole, contracts: kept }))
    const before = await nonce()
    expect((await deploy()).code).toBe(0)
    // All of them, and the Global DAO lists the new token.
    expect(await nonce()).toBe(before + gone.length + 1)
    const after = readDeployment(record)
    expect(after.contracts).toMatchObject(kept)
    expect(after.contracts.nomic).not.toBe(whole.contracts.nomic)
  })

  test.each([
    ['polls', 'multicall', 'polls (other code there)'],
    ['autoIds', 'nobody', 'autoIds (no code there)'],
  ] as const)('says that %s is not what the artifacts say', async (name, instead, words) => {
    const whole = readDeployment(record)
    const address = instead === 'nobody' ? `0x${'99'.repeat(20)}` : whole.contracts[instead]
    fs.writeFileSync(record, JSON.stringify({ ...whole, contracts: { ...whole.contracts, [name]: address } }))
    const { code, said } = await deploy()
    fs.writeFileSync(record, JSON.stringify(whole))
    expect(code).toBe(1)
    expect(said).toContain(words)
  })

  test('says that a contract is wired to another one', async () => {
    const whole = readDeployment(record)
    const other = await deploy('--folder', 'elsewhere')
    expect(other.code).toBe(0)
    const foreign = readDeployment(path.join(folder, 'elsewhere', '490000.json')).contracts.autoDao
    fs.writeFileSync(record, JSON.stringify({ ...whole, contracts: { ...whole.contracts, autoDao: foreign } }))
    const { code, said } = await deploy()
    fs.writeFileSync(record, JSON.stringify(whole))
    expect(code).toBe(1)
    expect(said).toContain('autoDao (wired to another autoIds)')
  })
})

describe('with a DAO', () => {
  const file = path.join(folder, 'dao.json')
  const dao = {
    name: 'Library Board',
    token: { name: 'Library', symbol: 'LIB', holders: [{ address: account.address, amount: '1000' }] },
    votingDelay: 60,
    votingPeriod: 3_600,
    lateQuorumExtension: 0,
    timelockDelay: 0,
  }

  test('names every fault of its file by its place', async () => {
    fs.writeFileSync(file, JSON.stringify({ ...dao, votingPeriod: 60, quorumPercent: 80, colour: 'red' }))
    const { code, said } = await deploy('--dao', file)
    expect(code).toBe(1)
    for (const word of ['votingPeriod', 'quorumPercent', 'colour']) expect(said).toContain(word)
  })

  test('makes it through the factory, once', async () => {
    fs.writeFileSync(file, JSON.stringify(dao))
    const { code, said } = await deploy('--dao', file)
    expect(code).toBe(0)
    const [made] = readDeployment(record).daos
    expect(said).toContain(`/watch ${made?.dao}`)
    const address = made!.dao as `0x${string}`
    expect(await client.readContract({ abi: autoDao.abi, address, functionName: 'votingPeriod' })).toBe(3_600n)
    const before = await nonce()
    expect((await deploy('--dao', file)).said).toContain('is there already')
    expect(await nonce()).toBe(before)
  })

  test('finds one that was made but not recorded before a crash', async () => {
    const whole = readDeployment(record)
    fs.writeFileSync(record, JSON.stringify({ ...whole, daos: [] }))
    const before = await nonce()
    expect((await deploy('--dao', file)).code).toBe(0)
    expect(await nonce()).toBe(before)
    expect(readDeployment(record).daos).toEqual(whole.daos)
  })
})
