/** `npm run bench -- start [--runs n] [--json]`: how long until AutoCo is usable: everything up and the first card drawn. */
import { spawn } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'

type Started = { wallMs: number; stop(): Promise<number> }

const root = path.resolve(import.meta.dirname, '..', '..')
const limits = { first: 3_000, later: 2_000 }

export async function run(args: string[]): Promise<object> {
  const { values } = parseArgs({ args, options: { runs: { type: 'string', default: '5' }, json: { type: 'boolean' } } })
  const runs = Math.max(1, Number(values.runs) || 5)
  const first: number[] = []
  const later: number[] = []
  const stops: number[] = []
  for (let nth = 0; nth < runs; nth += 1) {
    const home = fs.mkdtempSync(path.join(os.tmpdir(), 'autoco-start-'))
    fs.chmodSync(home, 0o755)
    try {
      for (const list of [first, later]) {
        const started = await startOnce(home)
        list.push(started.wallMs)
        stops.push(await started.stop())
      }
      console.log(`run ${nth + 1}: first ${first.at(-1)} ms, later ${later.at(-1)} ms, stop ${stops.at(-1)} ms`)
    } finally {
      fs.rmSync(home, { recursive: true, force: true })
    }
  }
  const result = {
    runs,
    load: Number(os.loadavg()[0]?.toFixed(1)),
    first: { median: median(first), max: Math.max(...first), limit: limits.first },
    later: { median: median(later), max: Math.max(...later), limit: limits.later },
    stop: { median: median(stops), max: Math.max(...stops) },
  }
  console.log(
    `first start   median ${result.first.median} ms, longest ${result.first.max} ms (at most ${limits.first})`,
  )
  console.log(
    `later starts  median ${result.later.median} ms, longest ${result.later.max} ms (at most ${limits.later})`,
  )
  console.log(`stop          median ${result.stop.median} ms; load of the machine meanwhile ${result.load}`)
  return result
}

/** As `npm start` does it, from the start of the process until it says that it is ready. */
function startOnce(home: string): Promise<Started> {
  const began = performance.now()
  const child = spawn(process.execPath, [path.join(root, 'scripts', 'bootstrap.mjs'), 'start'], {
    cwd: root,
    env: { ...process.env, AUTOCO_HOME: home, PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  return new Promise((resolve, reject) => {
    void ended.then((code) => reject(new Error(`AutoCo ended with ${code} before it was ready.`)))
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (!line.startsWith('ready in ')) return
      resolve({
        wallMs: Math.round(performance.now() - began),
        async stop() {
          const from = performance.now()
          child.kill('SIGTERM')
          await ended
          return Math.round(performance.now() - from)
        },
      })
    })
  })
}

function median(list: readonly number[]): number {
  const sorted = [...list].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? 0
}
