import fs from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { freePort, startDevchain } from '../../bots/world/devchain.ts'
import { processes, processesWith, runScript, temporaryFolder, type Running } from '../support/process.ts'

const patience = { timeout: 20_000, interval: 50 }
const folder = temporaryFolder()
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }))

const homeOf = (name: string): string => path.join(folder, name)
const start = (name: string, env: Record<string, string> = {}): Running =>
  runScript('bots/main.ts', { cwd: folder, env: { AUTOCO_HOME: homeOf(name), PORT: '0', ...env } })

type RunFile = { pid: number; url: string; databaseUrl: string; rpcUrl: string }
const runFileOf = (name: string): RunFile =>
  JSON.parse(fs.readFileSync(path.join(homeOf(name), 'run.json'), 'utf8')) as RunFile

type Message = { id: string; view: { title?: string; url?: string } | null }
async function cards(name: string): Promise<Message[]> {
  const response = await fetch(`${runFileOf(name).url}/api/play/messages?channel=governance&person=ada`)
  const { messages } = (await response.json()) as { messages: Message[] }
  return messages.filter((message) => message.view?.title)
}
/** The newest block that was read, as the figures for the operator say it. */
async function headOfCursor(name: string): Promise<number> {
  const text = await (await fetch(`${runFileOf(name).url}/metrics`)).text()
  return Number(/^autoco_listener_block\{[^}]*\} (\d+)/m.exec(text)?.[1] ?? 0)
}
async function isReady(name: string): Promise<number> {
  return (await fetch(`${runFileOf(name).url}/readyz`)).status
}

describe('the embedded world', () => {
  let app: Running
  let before: string[]
  beforeAll(async () => {
    app = start('world')
    await app.ready
  })
  afterAll(async () => {
    app.kill('SIGKILL')
    await app.ended
  })

  test('is usable with no settings at all, and says where to go on', async () => {
    expect(app.said()).toContain(`Open      ${runFileOf('world').url}`)
    expect(app.said()).toContain('keys of the test wallets are public')
    expect(app.said()).toContain(homeOf('world'))
    expect(await isReady('world')).toBe(200)
    await vi.waitFor(async () => expect((await cards('world')).length).toBeGreaterThanOrEqual(6), patience)
    before = (await cards('world')).map(({ id }) => id)
  })

  test('tells other processes where it runs, and nobody else', () => {
    expect(runFileOf('world')).toMatchObject({ pid: app.pid })
    expect(fs.statSync(path.join(homeOf('world'), 'run.json')).mode & 0o777).toBe(0o600)
  })

  test('lets people talk in the threads of its proposals', async () => {
    await vi.waitFor(async () => {
      const all = await cards('world')
      expect(all.map((card) => (card as Message & { replies: number }).replies)).toEqual(
        expect.arrayContaining([expect.toSatisfy((replies) => Number(replies) > 3)]),
      )
    }, patience)
  })

  test('refuses a second process on the same folder, and goes on itself', async () => {
    const second = start('world')
    expect(await second.ended).toBe(3)
    expect(second.said()).toContain(`process ${app.pid}`)
    expect(second.said()).toContain('AUTOCO_HOME=')
    expect(await isReady('world')).toBe(200)
  })

  test('says that a port is in use, and leaves nothing of what it had started', async () => {
    const { port } = new URL(runFileOf('world').url)
    const other = start('other', { PORT: port })
    expect(await other.ended).toBe(3)
    expect(other.said()).toContain(`Port ${port} is in use`)
    expect(other.said()).toContain(`PORT=${Number(port) + 1}`)
    expect(processesWith(homeOf('other'))).toEqual([])
  })

  test('is not ready while the database is gone, and recovers by itself', async () => {
    const pidFile = path.join(homeOf('world'), 'pg', 'postmaster.pid')
    process.kill(Number(fs.readFileSync(pidFile, 'utf8').split('\n')[0]), 'SIGKILL')
    await vi.waitFor(async () => expect(await isReady('world')).toBe(503), { ...patience, interval: 5 })
    await vi.waitFor(async () => expect(await isReady('world')).toBe(200), patience)
    expect((await cards('world')).map(({ id }) => id)).toEqual(expect.arrayContaining(before))
  })

  test('stops when it is told to, in order and with everything it had started', async () => {
    app.kill('SIGTERM')
    expect(await app.ended).toBe(0)
    expect(processesWith(homeOf('world'))).toEqual([])
    expect(fs.existsSync(path.join(homeOf('world'), 'run.json'))).toBe(false)
    expect(fs.existsSync(path.join(homeOf('world'), 'pg.owner'))).toBe(false)
  })

  test('is the same world after a restart', async () => {
    app = start('world')
    await app.ready
    expect((await cards('world')).map(({ id }) => id)).toEqual(expect.arrayContaining(before))
  })

  test.each(['SIGINT', 'SIGTERM'] as const)('ends whole when %s reaches `npm start` alone', async (signal) => {
    app.kill('SIGTERM')
    await app.ended
    // Without `exec` a shell would stand between npm and us, and keep the signal.
    const { scripts } = JSON.parse(fs.readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
      scripts: { start: string }
    }
    expect(scripts.start).toBe('exec node scripts/bootstrap.mjs start')
    const env = { AUTOCO_HOME: homeOf('world'), PORT: '0' }
    const npm = runScript('scripts/bootstrap.mjs', { args: ['start'], cwd: folder, env })
    await npm.ready
    npm.kill(signal)
    expect(await npm.ended).toBe(0)
    expect(processesWith(homeOf('world'))).toEqual([])
    app = start('world')
    await app.ready
  })

  test('is the same world after a kill, and nothing of it stays behind', async () => {
    const { databaseUrl } = runFileOf('world')
    app.kill('SIGKILL')
    await app.ended
    await vi.waitFor(() => expect(processesWith(homeOf('world'))).toEqual([]), patience)
    app = start('world')
    await app.ready
    const after = await cards('world')
    expect(after.map(({ id }) => id)).toEqual(expect.arrayContaining(before))
    expect(new Set(after.map((card) => card.view?.title)).size).toBe(after.length)
    const socketFolder = new URL(databaseUrl.replace('@/', '@localhost/')).searchParams.get('host') ?? ''
    expect(fs.existsSync(socketFolder)).toBe(false)
  })
})

describe('everything killed at once', () => {
  test('comes back, the chain a little behind what was read of it', async () => {
    const app = start('killed')
    await app.ready
    await vi.waitFor(async () => expect((await cards('killed')).length).toBeGreaterThanOrEqual(6), patience)
    const before = await cards('killed')
    const { rpcUrl } = runFileOf('killed')
    const mine = [homeOf('killed'), `--port=${new URL(rpcUrl).port} `]
    for (const { pid } of processes().filter(({ command }) => mine.some((word) => command.includes(word))))
      process.kill(pid, 'SIGKILL')
    app.kill('SIGKILL')
    await app.ended
    const again = start('killed')
    await again.ready
    const after = await cards('killed')
    expect(after.map(({ id }) => id)).toEqual(expect.arrayContaining(before.map(({ id }) => id)))
    expect(await headOfCursor('killed')).toBeGreaterThan(0)
    const from = await headOfCursor('killed')
    await vi.waitFor(async () => expect(await headOfCursor('killed')).toBeGreaterThan(from), patience)
    again.kill('SIGTERM')
    expect(await again.ended).toBe(0)
    expect(processesWith(homeOf('killed'))).toEqual([])
  })
})

describe('wrong settings', () => {
  test('are all named in one message, with those that do not exist and those that name bad files', async () => {
    const open = path.join(folder, 'open.key')
    fs.writeFileSync(open, `0x${'1'.repeat(64)}\n`, { mode: 0o644 })
    const app = start('settings', {
      PORT: '99999',
      LOG_LEVEL: 'loud',
      AI_BASEURL: 'http://127.0.0.1:1/v1',
      RELAY_KEY: '0x',
      CONTRACTS_FILE: path.join(folder, 'nowhere.json'),
      RELAYER_KEY_FILE: open,
    })
    expect(await app.ended).toBe(2)
    const said = app.said()
    for (const word of [
      'PORT: ',
      'LOG_LEVEL: ',
      'CONTRACTS_FILE: ',
      'RELAYER_KEY_FILE: ',
      'RELAY_KEY is not a setting',
    ])
      expect(said).toContain(word)
    expect(said).toContain('AI_BASEURL is not a setting. Did you mean AI_BASE_URL?')
    expect(said).toContain(`chmod 600 ${open}`)
    expect(said).not.toContain('1'.repeat(64))
    expect(fs.existsSync(homeOf('settings'))).toBe(false)
  })

  test('of the folder’s .env file count as well', async () => {
    const cwd = path.join(folder, 'cwd')
    fs.mkdirSync(cwd)
    fs.writeFileSync(path.join(cwd, '.env'), 'LOG_LEVEL=quiet\n')
    const app = runScript('bots/main.ts', { cwd })
    expect(await app.ended).toBe(2)
    expect(app.said()).toContain('LOG_LEVEL: ')
  })
})

describe('the outside', () => {
  const deployment = (chainId: number): string => {
    const file = path.join(folder, `${chainId}.json`)
    const address = `0x${'12'.repeat(20)}`
    const contracts = { autoIds: address, multicall: address }
    fs.writeFileSync(file, JSON.stringify({ chainId, name: 'Elsewhere', sourceHash: '', contracts }))
    return file
  }

  test('a database that does not answer is one sentence', async () => {
    const app = start('no-database', { DATABASE_URL: 'postgres://someone:secret@127.0.0.1:1/autoco' })
    expect(await app.ended).toBe(3)
    expect(app.said()).toContain('The database at DATABASE_URL does not answer.')
    expect(app.said()).not.toContain('secret')
    expect(processesWith(homeOf('no-database'))).toEqual([])
  })

  test('another chain behind RPC_URL, and a chain without the contracts, are refused', async () => {
    const chain = await startDevchain({ chainId: 77 })
    const wrong = start('wrong-chain', { RPC_URL: chain.url, CONTRACTS_FILE: deployment(870) })
    const empty = start('empty-chain', { RPC_URL: chain.url, CONTRACTS_FILE: deployment(77) })
    expect(await wrong.ended).toBe(3)
    expect(await empty.ended).toBe(3)
    await chain.stop()
    expect(wrong.said()).toContain('RPC_URL leads to chain 77, but the settings speak of chain 870.')
    expect(empty.said()).toContain('There is no autoIds contract')
    expect([...processesWith(homeOf('wrong-chain')), ...processesWith(homeOf('empty-chain'))]).toEqual([])
  })

  test('a chain that does not answer is one sentence without its address', async () => {
    const url = `http://127.0.0.1:${await freePort()}/key-in-path`
    const app = start('silent-chain', { RPC_URL: url, CONTRACTS_FILE: deployment(870) })
    expect(await app.ended).toBe(3)
    expect(app.said()).toContain('The chain at RPC_URL does not answer.')
    expect(app.said()).not.toContain('key-in-path')
  })
})
