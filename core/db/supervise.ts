import { spawn } from 'node:child_process'
import { setTimeout as wait } from 'node:timers/promises'

export type Supervised = {
  /** Ends the child by its own signal and resolves when it is gone. */
  stop(): Promise<void>
  /** Resolves with its exit code when the child is gone, for whatever reason. */
  exited: Promise<number | null>
  isDead(): boolean
  /** The end of what the child wrote to stderr. */
  tail(): string
}

// $0 is the folder to remove in the end. A watcher reads our pipe: when it ends, the child is told to, again and again,
// because a child that has just started still ignores what this shell ignores.
const script = (signal: string): string =>
  `trap "" INT TERM HUP; exec 3<&0; "$@" </dev/null 3<&- & p=$!
  (read _ <&3; while kill -${signal} $p; do sleep 2 3<&-; done) >/dev/null 2>&1 & w=$!
  exec 3<&- </dev/null; wait $p; code=$?; kill -KILL $w 2>/dev/null; wait $w; test -z "$0" || rm -rf "$0"; exit $code`

/**
 * Runs a program as a child that cannot outlive this process: a shell holds our pipe, the kernel closes it however we
 * die, and the shell then stops the child. Signals of the terminal do not reach the child before we have closed.
 */
export function supervise(params: {
  command: string
  args: readonly string[]
  signal: 'INT' | 'TERM'
  /** Removed after the child is gone. */
  cleanUp?: string
  owner?: { uid: number; gid: number } | undefined
}): Supervised {
  const child = spawn('sh', ['-c', script(params.signal), params.cleanUp ?? '', params.command, ...params.args], {
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
  const exited = new Promise<number | null>((resolve) => {
    child.once('error', (error) => {
      tail ||= error.message
      resolve(null)
    })
    child.once('exit', resolve)
  }).then((code) => {
    dead = true
    return code
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

/** Starts a server, and starts it again whenever it dies by itself. Answers with what stops it for good. */
export async function keepRunning(
  start: () => Promise<Supervised>,
  onRevive: (lastWords: string) => void = () => {},
): Promise<() => Promise<void>> {
  let server = await start()
  let stopping = false
  const ended = (async () => {
    for (;;) {
      await server.exited
      if (stopping) return
      onRevive(server.tail())
      server = await startAgain(start, () => stopping)
      if (stopping) await server.stop()
    }
  })()
  // Only a stop ends the loop; a start that was asked for in vain before it is nobody's trouble any more.
  ended.catch(() => {})
  return async () => {
    stopping = true
    await server.stop()
    await ended.catch(() => {})
  }
}

async function startAgain(start: () => Promise<Supervised>, isStopping: () => boolean): Promise<Supervised> {
  for (let waitMs = 100; ; waitMs = Math.min(waitMs * 2, 5_000)) {
    try {
      return await start()
    } catch (error) {
      if (isStopping()) throw error
      await wait(waitMs)
    }
  }
}
