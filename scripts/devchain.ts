import { createRequire } from 'node:module'
import net from 'node:net'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { supervise } from '../core/db/supervise.ts'
import { UserError } from '../core/errors.ts'

export type Rpc = <T = unknown>(method: string, params?: readonly unknown[]) => Promise<T>
export type Devchain = { url: string; rpc: Rpc; exited: Promise<void>; stop(): Promise<void> }

const startMs = 15_000

/**
 * A local chain: anvil from npm as a supervised child. With `stateFile` it is kept over restarts. `blockTime` in seconds
 * mines by interval (and at once for every transaction); without it a block is mined per transaction.
 */
export async function startDevchain(
  options: {
    binary?: string | undefined
    stateFile?: string
    port?: number
    blockTime?: number
    /** Unix seconds of the first block. */
    timestamp?: number
    hardfork?: string
    chainId?: number
    gasLimit?: number
  } = {},
): Promise<Devchain> {
  const port = options.port ?? (await freePort())
  const url = `http://127.0.0.1:${port}`
  const args = [
    '--silent',
    `--port=${port}`,
    `--chain-id=${options.chainId ?? 31_337}`,
    `--hardfork=${options.hardfork ?? 'prague'}`,
    ...(options.gasLimit ? ['--gas-limit', String(options.gasLimit)] : []),
    ...(options.timestamp ? ['--timestamp', String(options.timestamp)] : []),
    ...(options.stateFile
      ? ['--state', options.stateFile, '--state-interval', '2', '--preserve-historical-states']
      : []),
    ...(options.blockTime ? ['--block-time', String(options.blockTime), '--mixed-mining'] : []),
  ]
  const child = supervise({ command: options.binary ?? anvilBinary(), args, signal: 'TERM' })
  const rpc = createRpc(url)
  const until = performance.now() + startMs
  for (;;) {
    const answered = await rpc('eth_chainId').then(
      () => true,
      () => false,
    )
    if (answered) break
    if (child.isDead() || performance.now() > until) {
      await child.stop()
      throw new Error(`The embedded chain did not start: ${child.tail()}`)
    }
    await wait(10)
  }
  if (options.stateFile) await keepTimeMoving(rpc)
  return { url, rpc, exited: child.exited, stop: () => child.stop() }
}

/** JSON-RPC without a library; errors carry the node's own words. */
export function createRpc(url: string): Rpc {
  let id = 0
  return async <T>(method: string, params: readonly unknown[] = []): Promise<T> => {
    id += 1
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id, method, params }),
    })
    const answer = (await response.json()) as { result?: T; error?: { message: string } }
    if (answer.error) throw new Error(`${method}: ${answer.error.message}`)
    return answer.result as T
  }
}

/** After time travel and a restart anvil 1.7.1 would mine a block older than the head, which breaks timestamp clocks. */
async function keepTimeMoving(rpc: Rpc): Promise<void> {
  const head = await rpc<{ timestamp: string }>('eth_getBlockByNumber', ['latest', false])
  const ahead = Number(head.timestamp) - Math.floor(Date.now() / 1000)
  if (ahead > 0) await rpc('evm_increaseTime', [ahead + 1])
}

function anvilBinary(): string {
  const arch = { x64: 'amd64', arm64: 'arm64' }[process.arch as 'x64'] ?? process.arch
  const name = `@foundry-rs/anvil-${process.platform}-${arch}`
  try {
    return path.join(path.dirname(createRequire(import.meta.url).resolve(`${name}/package.json`)), 'bin', 'anvil')
  } catch (cause) {
    throw new UserError(`There is no embedded chain for ${process.platform}-${process.arch}.`, {
      hint: 'Set RPC_URL to a chain of your own.',
      cause,
    })
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = net.createServer()
    server.on('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as net.AddressInfo
      server.close(() => resolve(port))
    })
  })
}
