import { spawn } from 'node:child_process'

export type Supervised = {
  /** Ends the child by its own signal and resolves when it is gone. */
  stop(): Promise<void>
  /** Resolves when the child is gone, for whatever reason. */
  exited: Promise<void>
  isDead(): boolean
  /** The end of what the child wrote to stderr. */
  tail(): string
}

/**
 * Runs a server as a child that cannot outlive this process: a shell holds our pipe, the kernel closes it however we
 * die, and the shell then stops the server. Signals of the terminal do not reach the server before we have closed.
 */
export function supervise(params: {
  command: string
  args: readonly string[]
  signal: 'INT' | 'TERM'
  /** Removed after the child is gone. */
  cleanUp?: string
  owner?: { uid: number; gid: number } | undefined
}): Supervised {
  const script = `trap "" INT TERM HUP; "$@" </dev/null & p=$!; cat >/dev/null; kill -${params.signal} $p 2>/dev/null; wait $p; test -z "$0" || rm -rf "$0"`
  const child = spawn('sh', ['-c', script, params.cleanUp ?? '', params.command, ...params.args], {
    ...params.owner,
    stdio: ['pipe', 'ignore', 'pipe'],
    detached: true,
  })
  let tail = ''
  let dead = false
  child.stdin.on('error', () => {})
  child.stderr.on('data', (chunk: Buffer) => {
    tail = (tail + String(chunk)).slice(-2_000)
  })
  const exited = new Promise<void>((resolve) => {
    child.once('error', () => resolve())
    child.once('close', () => resolve())
  }).then(() => {
    dead = true
  })
  return {
    async stop() {
      child.stdin.end()
      await exited
    },
    exited,
    isDead: () => dead,
    tail: () => tail,
  }
}
