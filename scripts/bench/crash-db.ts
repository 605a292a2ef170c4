/** `npm run bench -- crash-db [--runs n] [--json]`: kills the embedded database in the middle of writing; nothing acknowledged may be lost. */
import { spawn, type ChildProcess } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as wait } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { startEmbedded } from '../../core/db/embedded.ts'
import { openDatabase } from '../../core/db/open.ts'

const kinds = ['app', 'postmaster', 'all'] as const
type Kind = (typeof kinds)[number]
type Run = { acknowledged: number; lost: number; orphans: number; restartMs: number }
type Figures = {
  runs: number
  acknowledged: number
  lost: number
  orphans: number
  restartMs: { median: number; max: number }
}

const orphanMs = 3_000
const writersFile = path.join(import.meta.dirname, 'crash-db', 'writers.ts')

export async function run(args: string[]): Promise<object> {
  const { values } = parseArgs({
    args,
    options: { runs: { type: 'string', default: '10' }, json: { type: 'boolean' } },
  })
  const runs = Math.max(1, Number(values.runs) || 10)
  const figures = {} as Record<Kind, Figures>
  for (const kind of kinds) {
    figures[kind] = await series(kind, runs)
    const { acknowledged, lost, orphans, restartMs } = figures[kind]
    console.log(
      `${kind.padEnd(10)} killed ${runs} times, ${acknowledged} rows acknowledged, ${lost} lost, ${orphans} orphans, up again in ${restartMs.median} ms (longest ${restartMs.max})`,
    )
  }
  if (kinds.some((kind) => figures[kind].lost + figures[kind].orphans > 0)) process.exitCode = 1
  return figures
}

/** One folder for all runs of a kind, so that each recovers what the one before left. */
async function series(kind: Kind, runs: number): Promise<Figures> {
  const home = fs.mkdtempSync(path.join(os.tmpdir(), 'autoco-crash-'))
  fs.chmodSync(home, 0o755)
  const dataDir = path.join(home, 'pg')
  const acknowledged = new Set<string>()
  const list: Run[] = []
  try {
    for (let nth = 0; nth < runs; nth += 1) list.push(await crash(kind, dataDir, acknowledged))
  } finally {
    fs.rmSync(home, { recursive: true, force: true })
  }
  const times = list.map(({ restartMs }) => restartMs).sort((a, b) => a - b)
  return {
    runs,
    acknowledged: acknowledged.size,
    lost: list.reduce((sum, { lost }) => sum + lost, 0),
    orphans: list.reduce((sum, { orphans }) => sum + orphans, 0),
    restartMs: { median: times[Math.floor(times.length / 2)] ?? 0, max: times.at(-1) ?? 0 },
  }
}

async function crash(kind: Kind, dataDir: string, acknowledged: Set<string>): Promise<Run> {
  const child = spawn(process.execPath, [writersFile, dataDir], { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  let onRow: (() => void) | undefined
  const isUp = new Promise<void>((resolve, reject) => {
    void ended.then(() => reject(new Error('The writers did not start.')))
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line === 'up') return resolve()
      acknowledged.add(line)
      onRow?.()
    })
  })
  await isUp
  await wait(50 + Math.random() * 400)
  const killedAt = performance.now()
  const killed = serverPid(dataDir)
  kill(kind, child, dataDir)
  if (kind === 'postmaster') {
    // The app lives on and brings the server back by itself.
    await new Promise<void>((resolve) => {
      onRow = () => {
        const pid = serverPid(dataDir)
        if (pid !== undefined && pid !== killed) resolve()
      }
    })
    const restartMs = Math.round(performance.now() - killedAt)
    child.kill('SIGTERM')
    await ended
    return { ...(await check(dataDir, acknowledged)), restartMs }
  }
  await ended
  const orphans = await leftOver(dataDir)
  return { ...(await check(dataDir, acknowledged)), orphans }
}

/** Starts on the folder again and looks for every row that was ever acknowledged. */
async function check(dataDir: string, acknowledged: Set<string>): Promise<Run> {
  const from = performance.now()
  const server = await startEmbedded({ dataDir })
  const restartMs = Math.round(performance.now() - from)
  const database = openDatabase(server.url)
  const { rows } = await database.pool.query<{ row: string }>(`select writer || ' ' || number as row from written`)
  await database.close()
  await server.stop()
  const there = new Set(rows.map(({ row }) => row))
  const lost = [...acknowledged].filter((row) => !there.has(row)).length
  return { acknowledged: acknowledged.size, lost, orphans: await leftOver(dataDir), restartMs }
}

/** A server that is told to stop needs a moment; what is there after it is an orphan. */
async function leftOver(dataDir: string): Promise<number> {
  for (const until = Date.now() + orphanMs; Date.now() < until; await wait(20))
    if (processesOf(dataDir).length === 0) return 0
  return processesOf(dataDir).length
}

function kill(kind: Kind, child: ChildProcess, dataDir: string): void {
  const server = serverPid(dataDir)
  if (kind !== 'app' && server === undefined) throw new Error('There is no server to kill.')
  if (kind === 'postmaster' && server !== undefined) process.kill(server, 'SIGKILL')
  else if (kind === 'app') child.kill('SIGKILL')
  else {
    child.kill('SIGKILL')
    for (const pid of processesOf(dataDir)) tryKill(pid)
  }
}

function tryKill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It went with another one.
  }
}

function serverPid(dataDir: string): number | undefined {
  try {
    return Number(fs.readFileSync(path.join(dataDir, 'postmaster.pid'), 'utf8').split('\n')[0])
  } catch {
    return undefined
  }
}

/** Every process whose command names the folder, and the server's children; zombies are nobody. */
function processesOf(dataDir: string): number[] {
  const table = fs
    .readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const [, state, parent] = /^.*\) (\S) (\d+)/s.exec(fs.readFileSync(`/proc/${name}/stat`, 'utf8')) ?? []
        return [
          {
            pid: Number(name),
            state,
            parent: Number(parent),
            command: fs.readFileSync(`/proc/${name}/cmdline`, 'utf8'),
          },
        ]
      } catch {
        return []
      }
    })
    .filter(({ pid, state }) => state !== 'Z' && pid !== process.pid)
  const named = new Set(table.filter(({ command }) => command.includes(dataDir)).map(({ pid }) => pid))
  return table.filter(({ pid, parent }) => named.has(pid) || named.has(parent)).map(({ pid }) => pid)
}
