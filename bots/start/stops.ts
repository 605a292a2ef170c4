import { setTimeout as wait } from 'node:timers/promises'
import type { Logger } from 'pino'

/** What has to be stopped, newest first. */
export type Stops = {
  add(name: string, stop: () => Promise<void>): void
  run(): Promise<void>
  onSignals(log: Logger): void
}

const longestMs = 8_000

export function createStops(): Stops {
  const list: { name: string; stop: () => Promise<void> }[] = []
  let stopping: Promise<void> | undefined
  const run = async (log?: Logger): Promise<void> => {
    for (let next = list.pop(); next; next = list.pop()) {
      const { name, stop } = next
      const done = stop().catch((error: unknown) => log?.warn({ error, part: name }, 'did not stop well'))
      // The rest must be stopped too; what hangs is ended with the process.
      await Promise.race([
        done,
        wait(longestMs, undefined, { ref: false }).then(() => log?.warn({ part: name }, 'did not stop in time')),
      ])
    }
  }
  return {
    add: (name, stop) => list.push({ name, stop }),
    run: () => (stopping ??= run()),
    onSignals(log) {
      const end = (signal: NodeJS.Signals): void => {
        if (stopping) return
        log.info({ signal }, 'stopping')
        stopping = run(log)
        void stopping.then(() => process.exit(0))
      }
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, end)
    },
  }
}
