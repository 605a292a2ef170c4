import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { UserError } from '../errors.ts'
import { claim, release, takeOver } from './embedded/owner.ts'
import { pickRunner, type Runner } from './embedded/runner.ts'
import { keepRunning, supervise, type Supervised } from './supervise.ts'

export type Embedded = { url: string; mode: Runner['mode']; stop(): Promise<void> }

const port = 5432 // only names the socket's file
const startMs = 20_000

/**
 * Runs the PostgreSQL server that npm ships as a child of this process: no TCP port, a Unix socket in a private folder,
 * no orphans, and a folder that one AutoCo owns at a time. A server that dies by itself is started again at the same URL.
 */
export async function startEmbedded(options: {
  dataDir: string
  /** Trades durability for speed; for throw-away data only. */
  throwAway?: boolean
  maxConnections?: number
  userNamespaces?: boolean
  onRevive?: (lastWords: string) => void
}): Promise<Embedded> {
  const runner = pickRunner({ userNamespaces: options.userNamespaces ?? true })
  const dataDir = reachableFolder(path.resolve(options.dataDir), runner)
  fs.mkdirSync(path.dirname(dataDir), { recursive: true })
  claim(dataDir)
  try {
    const isNew = await initialise(dataDir, runner)
    const syncing = isNew && !options.throwAway ? syncFiles(dataDir, runner) : undefined
    const socketDir = newSocketDir(dataDir)
    const run = () =>
      startServer({
        dataDir,
        socketDir,
        runner,
        throwAway: options.throwAway === true,
        maxConnections: options.maxConnections ?? 60,
      })
    const stop = await keepRunning(run, options.onRevive)
    return {
      url: `postgres://autoco@/postgres?host=${encodeURIComponent(socketDir)}&port=${port}`,
      mode: runner.mode,
      async stop() {
        await syncing?.exited
        await stop()
        release(dataDir)
      },
    }
  } catch (error) {
    if (!(error instanceof UserError && error.code === 'folder-in-use')) release(dataDir)
    throw error
  }
}

/** Remembered beside the data, because a run that was killed with its server leaves its folder behind. */
function newSocketDir(dataDir: string): string {
  const noted = `${dataDir}.socket`
  if (fs.existsSync(noted)) fs.rmSync(fs.readFileSync(noted, 'utf8'), { recursive: true, force: true })
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'autoco-'))
  fs.writeFileSync(noted, folder)
  return folder
}

/** The whole path must be searchable for the server's user; else the data lives beside the binaries' copy. */
function reachableFolder(dataDir: string, runner: Runner): string {
  if (!runner.owner) return dataDir
  fs.mkdirSync(path.dirname(dataDir), { recursive: true })
  const reachable = spawnSync('test', ['-x', path.dirname(dataDir)], { ...runner.owner }).status === 0
  const name = createHash('sha256').update(dataDir).digest('hex').slice(0, 12)
  return reachable ? dataDir : path.join('/var/tmp', `autoco-data-${name}`)
}

/** A marker is written after initdb: a folder without it is an initdb that was cut off, and is made anew. */
async function initialise(dataDir: string, runner: Runner): Promise<boolean> {
  const marker = `${dataDir}.ok`
  if (fs.existsSync(path.join(dataDir, 'PG_VERSION')) && fs.existsSync(marker)) return false
  fs.rmSync(dataDir, { recursive: true, force: true })
  fs.mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  if (runner.owner) fs.chownSync(dataDir, runner.owner.uid, runner.owner.gid)
  const locale = ['-E', 'UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8']
  const { command, args } = runner.wrap(path.join(runner.native, 'bin', 'initdb'), [
    '-D',
    dataDir,
    '-U',
    'autoco',
    '-A',
    'trust',
    ...locale,
    '--no-sync',
  ])
  const child = supervise({ command, args, signal: 'TERM', owner: runner.owner })
  if ((await child.exited) !== 0) throw new Error(`initdb failed: ${child.tail()}`)
  fs.writeFileSync(marker, '')
  return true
}

/** The files of initdb go to the disk while the server starts already: half of the wait for a first start. */
function syncFiles(dataDir: string, runner: Runner): Supervised {
  const { command, args } = runner.wrap(path.join(runner.native, 'bin', 'initdb'), ['--sync-only', '-D', dataDir])
  return supervise({ command, args, signal: 'TERM', owner: runner.owner })
}

/** The way it runs may have changed since the last time (root or not, namespaces or not). */
function ownFiles(dataDir: string, runner: Runner): void {
  const wanted = runner.owner ?? (process.getuid?.() === 0 ? { uid: 0, gid: 0 } : undefined)
  if (wanted && fs.statSync(dataDir).uid !== wanted.uid)
    spawnSync('chown', ['-R', `${wanted.uid}:${wanted.gid}`, dataDir])
}

const throwAwaySettings = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  // Nothing lives long enough to be cleaned up, or to be written out before its end.
  autovacuum: 'off',
  checkpoint_timeout: '1h',
  max_wal_size: '1GB',
  shared_buffers: '128MB',
}

async function startServer(params: {
  dataDir: string
  socketDir: string
  runner: Runner
  throwAway: boolean
  maxConnections: number
}): Promise<Supervised> {
  await takeOver(params.dataDir)
  ownFiles(params.dataDir, params.runner)
  fs.mkdirSync(params.socketDir, { recursive: true, mode: 0o700 })
  if (params.runner.owner) fs.chownSync(params.socketDir, params.runner.owner.uid, params.runner.owner.gid)
  const settings: Record<string, string | number> = {
    listen_addresses: '',
    unix_socket_directories: params.socketDir,
    port,
    max_connections: params.maxConnections,
    shared_buffers: '32MB',
    dynamic_shared_memory_type: 'mmap',
    max_wal_size: '256MB',
    wal_level: 'minimal',
    max_wal_senders: 0,
    autovacuum_max_workers: 1,
    io_method: 'sync',
    jit: 'off',
    log_min_messages: 'warning',
    ...(params.throwAway ? throwAwaySettings : {}),
  }
  const { runner, dataDir, socketDir } = params
  const options = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const wrapped = runner.wrap(path.join(runner.native, 'bin', 'postgres'), ['-D', dataDir, ...options])
  const server = supervise({ ...wrapped, signal: 'INT', cleanUp: socketDir, owner: runner.owner })
  await untilReady(server, socketDir)
  return server
}

async function untilReady(server: Supervised, socketDir: string): Promise<void> {
  const until = performance.now() + startMs
  while (!(await isReady(path.join(socketDir, `.s.PGSQL.${port}`)))) {
    if (server.isDead() || performance.now() > until) {
      await server.stop()
      throw new Error(`The embedded PostgreSQL did not start: ${server.tail()}`)
    }
    await wait(10)
  }
}

/** Sends a StartupMessage (PostgreSQL protocol 3.0); an authentication answer means that the server takes sessions. */
function isReady(socket: string): Promise<boolean> {
  return new Promise((resolve) => {
    const connection = net.createConnection(socket)
    const done = (ready: boolean) => {
      connection.destroy()
      resolve(ready)
    }
    connection.setTimeout(1_000, () => done(false))
    connection.on('error', () => done(false))
    connection.on('data', (data) => done(data[0] === 'R'.charCodeAt(0)))
    connection.on('connect', () => {
      const body = Buffer.from('user\0autoco\0database\0postgres\0\0')
      const head = Buffer.alloc(8)
      head.writeInt32BE(body.length + 8, 0)
      head.writeInt32BE(196_608, 4)
      connection.write(Buffer.concat([head, body]))
    })
  })
}
