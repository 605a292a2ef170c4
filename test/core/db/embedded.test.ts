import { spawn, spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { Keyv } from 'keyv'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { startEmbedded, type Embedded } from '../../../core/db/embedded.ts'
import { createKv } from '../../../core/db/keyv.ts'
import { openDatabase } from '../../../core/db/open.ts'
import { UserError } from '../../../core/errors.ts'
import { testDb } from '../../support/db.ts'
import { processesWith, temporaryFolder } from '../../support/process.ts'

const patience = { timeout: 20_000, interval: 20 }

async function ask<T>(url: string, sql: string): Promise<T[]> {
  const database = openDatabase(url)
  try {
    return (await database.pool.query(sql)).rows as T[]
  } finally {
    await database.close()
  }
}

describe('the embedded server', () => {
  const folder = temporaryFolder()
  const dataDir = path.join(folder, 'pg')
  const pidFile = path.join(dataDir, 'postmaster.pid')
  const pid = (): number => Number(fs.readFileSync(pidFile, 'utf8').split('\n')[0])
  let server: Embedded | undefined
  const start = async (): Promise<Embedded> => (server = await startEmbedded({ dataDir }))
  const stop = async (): Promise<void> => {
    await server?.stop()
    server = undefined
  }
  afterAll(async () => {
    await stop()
    fs.rmSync(folder, { recursive: true, force: true })
  })

  test('begins anew after an initdb that was cut off', async () => {
    fs.mkdirSync(dataDir, { mode: 0o700 })
    fs.writeFileSync(path.join(dataDir, 'PG_VERSION'), '18\n')
    const { url } = await start()
    expect(await ask(url, 'select 1 as one')).toEqual([{ one: 1 }])
    await ask(url, 'create table kept (word text)')
    await ask(url, `insert into kept values ('here')`)
  })

  test('listens on no port, in a folder that only its user may enter', async () => {
    const { url } = server!
    expect(await ask(url, 'show listen_addresses')).toEqual([{ listen_addresses: '' }])
    const socketFolder = new URL(url.replace('@/', '@localhost/')).searchParams.get('host') ?? ''
    expect(fs.statSync(socketFolder).mode & 0o777).toBe(0o700)
  })

  test('belongs to one process: another is told who has it', async () => {
    const script = `import { startEmbedded } from ${JSON.stringify(path.resolve('core/db/embedded.ts'))}
      await startEmbedded({ dataDir: ${JSON.stringify(dataDir)} }).catch((error) => { console.log(error.code, error.message); process.exit(9) })`
    const second = spawnSync(process.execPath, ['--input-type=module-typescript', '-e', script], { encoding: 'utf8' })
    expect(second.status).toBe(9)
    expect(second.stdout).toContain(`folder-in-use Another AutoCo (process ${process.pid})`)
    expect(await ask(server!.url, 'select word from kept')).toEqual([{ word: 'here' }])
  })

  test('comes back at the same address when it is killed, and so do sessions', async () => {
    const database = openDatabase(server!.url)
    // In the middle of a transaction nobody listens to the session but the pool.
    const held = await database.pool.connect()
    await held.query('begin')
    process.kill(pid(), 'SIGKILL')
    await vi.waitFor(async () => {
      expect((await database.pool.query('select word from kept')).rows).toEqual([{ word: 'here' }])
    }, patience)
    held.release(true)
    await database.close()
  })

  test('leaves no process and no socket behind when it is stopped', async () => {
    const socketFolder = new URL(server!.url.replace('@/', '@localhost/')).searchParams.get('host') ?? ''
    await stop()
    expect(processesWith(dataDir)).toEqual([])
    expect(fs.existsSync(socketFolder)).toBe(false)
    expect(fs.existsSync(`${dataDir}.owner`)).toBe(false)
  })

  test('starts over the lock file of a server that is gone, even when its number lives on as a zombie or a stranger', async () => {
    const stranger = spawn('sleep', ['60'])
    fs.writeFileSync(pidFile, `${stranger.pid}\n${dataDir}\n0\n5432\n/tmp\n\n0\n`)
    const { url } = await start()
    expect(await ask(url, 'select word from kept')).toEqual([{ word: 'here' }])
    expect(stranger.exitCode).toBeNull()
    stranger.kill()
    await stop()
  })

  test('is not held up by the owner file of a process that is gone', async () => {
    fs.writeFileSync(`${dataDir}.owner`, `${process.pid + 100_000} 1`)
    const { url } = await start()
    expect(await ask(url, 'select word from kept')).toEqual([{ word: 'here' }])
    await stop()
  })

  test('is not started twice by one process either', async () => {
    await start()
    await expect(startEmbedded({ dataDir })).rejects.toBeInstanceOf(UserError)
    expect(await ask(server!.url, 'select word from kept')).toEqual([{ word: 'here' }])
  })
})

describe('keyv', () => {
  let db: Awaited<ReturnType<typeof testDb>>
  beforeAll(async () => {
    db = await testDb()
  })
  afterAll(() => db.close())

  test('keeps namespaces apart and forgets what has expired', async () => {
    const kv = createKv(db.pool)
    expect(kv('a')).toBeInstanceOf(Keyv)
    await kv('a').set('x', { n: 1, word: 'é' })
    expect(await kv('a').get('x')).toEqual({ n: 1, word: 'é' })
    expect(await kv('b').get('x')).toBeUndefined()
    await kv('a').set('gone', 1, 1)
    await expect.poll(() => kv('a').get('gone')).toBeUndefined()
  })
})
