import { spawn } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { z } from 'zod'
import { UserError } from '../../core/index.ts'
import { until } from './wait.ts'

const running = z.object({ url: z.string(), databaseUrl: z.string(), rpcUrl: z.string() })
const world = z.object({ contracts: z.object({ autoDaoFactory: z.string() }) })

/** A whole AutoCo of our own, as `npm start` starts it, in a folder that is thrown away. */
export type Server = {
  url: string
  databaseUrl: string
  rpcUrl: string
  factory: `0x${string}`
  /** The faults in its log, to be read before the folder goes. */
  faults(): string
  stop(): Promise<void>
}

/** Room for thousands of ballots in an hour; everything else is as a newcomer has it. */
const settings = {
  RELAY_VOTER_BALLOTS: '10000',
  RELAY_DAILY_GAS: '1000000000000',
  LOG_LEVEL: 'warn',
  PORT: '0',
  PLAYGROUND: 'on',
}
const passedOn = [
  'PATH',
  'HOME',
  'AI_BASE_URL',
  'AI_API_KEY',
  'AI_MODEL',
  'AI_TIMEOUT_MS',
  'AI_DAILY_TOKENS',
  'RELAY_FLUSH_SECONDS',
  'RELAY_BATCH_SIZE',
]

export async function startServer(environment: Record<string, string | undefined>): Promise<Server> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'autoco-replay-'))
  // The embedded database may run as another user.
  fs.chmodSync(folder, 0o755)
  const home = path.join(folder, 'home')
  const child = spawn(process.execPath, [path.resolve(import.meta.dirname, '../../bots/main.ts')], {
    // Not in the repository, where an operator's .env may lie.
    cwd: folder,
    env: { ...Object.fromEntries(passedOn.map((name) => [name, environment[name]])), ...settings, AUTOCO_HOME: home },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const words: string[] = []
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => words.push(data.toString()))
  const ended = new Promise<void>((resolve) => {
    child.on('close', () => resolve())
  })
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM')
    await ended
    fs.rmSync(folder, { recursive: true, force: true })
  }
  try {
    await until('AutoCo to start', 60_000, () => {
      if (child.exitCode !== null)
        throw new UserError('AutoCo did not start.', { hint: words.join('').slice(-1_000) || 'It said nothing.' })
      return words.join('').includes('ready in')
    })
    const run = running.parse(JSON.parse(fs.readFileSync(path.join(home, 'run.json'), 'utf8')))
    const { contracts } = world.parse(JSON.parse(fs.readFileSync(path.join(home, 'world.json'), 'utf8')))
    return { ...run, factory: contracts.autoDaoFactory as `0x${string}`, faults: () => faultsIn(home), stop }
  } catch (error) {
    await stop()
    throw error
  }
}

const errorLevel = 50

function faultsIn(home: string): string {
  const file = path.join(home, 'autoco.log')
  const lines = fs.existsSync(file) ? fs.readFileSync(file, 'utf8').trim().split('\n') : []
  const isFault = (line: string): boolean => Number(/"level":(\d+)/.exec(line)?.[1]) >= errorLevel
  return lines.filter(isFault).slice(-5).join('\n')
}
