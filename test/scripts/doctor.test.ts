import { deploySteps } from '../../bots/world/deploy.ts'
import fs from 'node:fs'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { createPublicClient, createWalletClient, getAddress, http as rpcHttp, toHex } from 'viem'
import { mnemonicToAccount } from 'viem/accounts'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { sourceHash } from '../../contracts/generated.ts'
import { viemChain } from '../../core/chain/connect.ts'
import { freePort, startDevchain, type Devchain } from '../../bots/world/devchain.ts'
import { deployContracts, type Deployed } from '../../bots/world/deploy.ts'
import { runScript, temporaryFolder } from '../support/process.ts'
import { chiefRules } from '../support/world.ts'

type Finding = { state: 'ok' | 'note' | 'bad'; what: string; found: string; todo?: string }

const folder = temporaryFolder()
const account = mnemonicToAccount('test test test test test test test test test test test junk')
const keyFile = path.join(folder, 'relayer.key')
const contractsFile = path.join(folder, 'contracts.json')
let chain: Devchain
let contracts: Deployed
let server: http.Server
let serverUrl: string
let silentUrl: string

beforeAll(async () => {
  chain = await startDevchain()
  silentUrl = `http://127.0.0.1:${await freePort()}`
  const chainOf = viemChain({ id: 31_337, name: 'Test', url: chain.url })
  const transport = rpcHttp(chain.url)
  contracts = await deployContracts(
    {
      client: createPublicClient({ chain: chainOf, transport, pollingInterval: 10, cacheTime: 0 }),
      wallet: createWalletClient({ chain: chainOf, transport, account }),
    },
    { nomic: { holders: [account.address], amounts: [10n ** 24n], pollThreshold: 1n, chief: chiefRules } },
  )
  fs.writeFileSync(keyFile, toHex(account.getHdKey().privateKey!), { mode: 0o600 })
  record(contracts)
  server = http.createServer((request, response) => {
    const isKnown = request.headers.authorization === 'Bearer right'
    if (request.url === '/healthz') response.end(JSON.stringify({ status: 'ok' }))
    else if (request.url === '/v1/models' && isKnown) response.end(JSON.stringify({ data: [{ id: 'small' }] }))
    else response.writeHead(request.url === '/v1/models' ? 401 : 404).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  serverUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(async () => {
  await new Promise((resolve) => server.close(resolve))
  await chain.stop()
  fs.rmSync(folder, { recursive: true, force: true })
})

function record(these: object, chainId = 31_337): void {
  fs.writeFileSync(contractsFile, JSON.stringify({ chainId, name: 'Test', sourceHash, contracts: these }))
}

async function doctor(
  env: Record<string, string> = {},
): Promise<{ code: number | null; said: string; list: Finding[] }> {
  const outside = { RPC_URL: chain.url, CONTRACTS_FILE: contractsFile, RELAYER_KEY_FILE: keyFile }
  const script = runScript('scripts/doctor.ts', { cwd: folder, args: ['--json'], env: { ...outside, ...env } })
  const code = await script.ended
  const { findings } = JSON.parse(script.said().trim().split('\n').at(-1) ?? '{}') as { findings: Finding[] }
  return { code, said: script.said(), list: findings }
}
const about = (list: Finding[], what: string): Finding | undefined => list.find((finding) => finding.what === what)

test('finds nothing wrong where nothing is wrong', async () => {
  const { code, list } = await doctor({
    DATABASE_URL: inject('databaseUrl'),
    PUBLIC_URL: serverUrl,
    AI_BASE_URL: `${serverUrl}/v1`,
    AI_API_KEY: 'right',
    AI_MODEL: 'small',
  })
  expect(list.filter(({ state }) => state === 'bad')).toEqual([])
  expect(code).toBe(0)
  expect(about(list, 'RPC_URL')?.found).toContain('chain 31337')
  expect(about(list, 'CONTRACTS_FILE')?.found).toContain(`${Object.keys(deploySteps).length} contracts`)
  expect(about(list, 'relayer')?.found).toContain('full batches')
  expect(about(list, 'DATABASE_URL')?.found).toContain('PostgreSQL 18')
  expect(about(list, 'PUBLIC_URL')?.found).toBe('leads to AutoCo')
  expect(about(list, 'AI_BASE_URL')?.found).toContain('small')
})

test('says what to do about each thing that is wrong', async () => {
  record({ ...contracts, polls: contracts.multicall, nomic: getAddress(`0x${'99'.repeat(20)}`) })
  const { code, list, said } = await doctor({
    DATABASE_URL: 'postgres://someone:secret@127.0.0.1:1/autoco',
    PUBLIC_URL: silentUrl,
    AI_BASE_URL: `${serverUrl}/v1`,
    AI_API_KEY: 'wrong',
    AI_MODEL: 'small',
    DISCUSSION_HOSTS: new URL(silentUrl).host,
  })
  record(contracts)
  expect(code).toBe(1)
  const wrong = list.filter(({ state }) => state === 'bad')
  expect(new Set(wrong.map(({ what }) => what))).toEqual(
    new Set(['CONTRACTS_FILE', 'DATABASE_URL', 'PUBLIC_URL', 'AI_API_KEY', 'DISCUSSION_HOSTS']),
  )
  for (const { todo } of wrong) expect(todo).toBeTruthy()
  expect(said).not.toContain('secret')
})

test('tells a model that is not there and a page that something else answers', async () => {
  const { list } = await doctor({
    PUBLIC_URL: chain.url,
    AI_BASE_URL: `${serverUrl}/v1`,
    AI_API_KEY: 'right',
    AI_MODEL: 'large',
  })
  expect(about(list, 'AI_MODEL')).toMatchObject({ state: 'bad', todo: 'The server has: small' })
  expect(about(list, 'PUBLIC_URL')).toMatchObject({ state: 'bad' })
})

test('tells the wrong chain, a silent one, and a key without money', async () => {
  record(contracts, 870)
  const wrong = await doctor()
  record(contracts)
  expect(about(wrong.list, 'RPC_URL')).toMatchObject({ state: 'bad', found: expect.stringContaining('chain 31337') })
  const silent = await doctor({ RPC_URL: `${silentUrl}/secret-key` })
  expect(about(silent.list, 'RPC_URL')).toMatchObject({ state: 'bad', found: expect.stringContaining('ECONNREFUSED') })
  expect(silent.said).not.toContain('secret-key')
  const poor = path.join(folder, 'poor.key')
  fs.writeFileSync(poor, `0x${'7'.repeat(64)}`, { mode: 0o600 })
  expect(about((await doctor({ RELAYER_KEY_FILE: poor })).list, 'relayer')).toMatchObject({ state: 'bad' })
})

test('tells a clock that is far from the chain’s', async () => {
  await chain.rpc('evm_increaseTime', [7_200])
  await chain.rpc('evm_mine')
  const { code, list } = await doctor()
  expect(code).toBe(1)
  expect(about(list, 'clock')).toMatchObject({ state: 'bad', found: expect.stringContaining('ahead of') })
})

test('names wrong settings instead of asking the outside', async () => {
  const { code, list } = await doctor({ PORT: 'many' })
  expect(code).toBe(1)
  expect(list).toHaveLength(1)
  expect(list[0]?.found).toContain('PORT: ')
})
