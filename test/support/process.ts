import { spawn } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'

const root = path.resolve(import.meta.dirname, '..', '..')

export type Running = {
  pid: number
  /** Everything it said so far, on both streams. */
  said(): string
  /** Resolves when it says that it is ready; rejects with its words when it ends before. */
  ready: Promise<void>
  ended: Promise<number | null>
  kill(signal: NodeJS.Signals): void
}

/** A script of ours as a process of its own, with nothing of this environment but what is given. */
export function runScript(
  file: string,
  options: { args?: readonly string[]; env?: Record<string, string>; cwd?: string } = {},
): Running {
  const child = spawn(process.execPath, [path.join(root, file), ...(options.args ?? [])], {
    cwd: options.cwd ?? os.tmpdir(),
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: process.env['HOME'] ?? '',
      NODE_COMPILE_CACHE: path.join(root, 'node_modules', '.cache', 'autoco'),
      ...options.env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  const ready = new Promise<void>((resolve, reject) => {
    const hear = (chunk: Buffer): void => {
      said += String(chunk)
      if (/^ready in /m.test(said)) resolve()
    }
    child.stdout.on('data', hear)
    child.stderr.on('data', hear)
    void ended.then(() => reject(new Error(`It ended before it was ready:\n${said}`)))
  })
  ready.catch(() => {})
  return { pid: child.pid ?? 0, said: () => said, ready, ended, kill: (signal) => child.kill(signal) }
}

/** A folder that the embedded server can use when it runs as another user. */
export function temporaryFolder(): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'autoco-test-'))
  fs.chmodSync(folder, 0o755)
  return folder
}

/** Living processes with their commands; zombies are nobody. */
export function processes(): { pid: number; command: string }[] {
  return fs
    .readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const isZombie = /^.*\) Z /s.test(fs.readFileSync(`/proc/${name}/stat`, 'utf8'))
        const command = fs.readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ')
        return isZombie ? [] : [{ pid: Number(name), command }]
      } catch {
        return []
      }
    })
}

export const processesWith = (text: string): string[] =>
  processes().flatMap(({ command }) => (command.includes(text) ? [command] : []))
