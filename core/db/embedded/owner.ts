import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { UserError } from '../../errors.ts'

const ours = new Set<string>()

/** One AutoCo per data folder: a second start must not take the first one's server away. */
export function claim(dataDir: string): void {
  const file = `${dataDir}.owner`
  for (let tries = 0; tries < 3; tries += 1) {
    try {
      fs.writeFileSync(file, identity(process.pid), { flag: 'wx' })
      ours.add(dataDir)
      return
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
    const holder = fs.readFileSync(file, 'utf8')
    const pid = Number(holder.split(' ')[0])
    // In a new container our own number may be that of the run before.
    const isHeld = pid === process.pid ? ours.has(dataDir) : holder !== '' && identity(pid) === holder
    if (isHeld) {
      throw new UserError(`Another AutoCo (process ${pid}) already uses ${path.dirname(dataDir)}.`, {
        hint: 'Stop it first, or give this one a folder of its own: AUTOCO_HOME=.autoco-2',
        code: 'folder-in-use',
      })
    }
    fs.rmSync(file, { force: true })
  }
  throw new UserError(`${path.dirname(dataDir)} cannot be claimed.`, {
    hint: 'Is another AutoCo starting in it right now?',
  })
}

export function release(dataDir: string): void {
  ours.delete(dataDir)
  fs.rmSync(`${dataDir}.owner`, { force: true })
}

/** Stops a server that an earlier run left on this folder, and removes a lock file that nobody holds. */
export async function takeOver(dataDir: string): Promise<void> {
  const file = path.join(dataDir, 'postmaster.pid')
  if (!fs.existsSync(file)) return
  const pid = Number(fs.readFileSync(file, 'utf8').split('\n')[0])
  // A zombie (a container without an init) still answers signal 0, so PostgreSQL itself would refuse its stale lock.
  if (!serves(pid, dataDir)) {
    fs.rmSync(file, { force: true })
    return
  }
  process.kill(pid, 'SIGINT')
  for (let tries = 0; tries < 100 && serves(pid, dataDir); tries += 1) await wait(50)
  if (serves(pid, dataDir))
    throw new UserError(`Another PostgreSQL (process ${pid}) holds ${dataDir}.`, { hint: 'Stop it and start again.' })
  fs.rmSync(file, { force: true })
}

/** A process's id and start time, so that a reused id is not taken for the old process; '' when gone or a zombie. */
function identity(pid: number): string {
  if (os.platform() !== 'linux') return isAlive(pid) ? String(pid) : ''
  try {
    const fields = fs
      .readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ')
    return fields[0] === 'Z' ? '' : `${pid} ${fields[19]}`
  } catch {
    return ''
  }
}

function serves(pid: number, dataDir: string): boolean {
  if (!isAlive(pid)) return false
  if (os.platform() !== 'linux') return true
  try {
    return fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(dataDir)
  } catch {
    return false
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
