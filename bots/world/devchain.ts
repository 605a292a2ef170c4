import { createRequire } from 'node:module'
import net from 'node:net'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { keepRunning, supervise, type Supervised } from '../../core/db/supervise.ts'
import { UserError } from '../../core/errors.ts'

export type Rpc = <T = unknown>(method: string, params?: readonly unknown[]) => Promise<T>
export type Devchain = { url: string; rpc: Rpc; stop(): Promise<void> }

const startMs = 15_000

/** A local chain: anvil from npm as a supervised child. It mines a block per transaction. */
export async function startDevchain(
  options: {
    binary?: string | undefined
    /** A state to start from, asked for again when the chain has died and is started anew. */
    stateFile?: () => string | undefined
    port?: number
    /** Unix seconds of the first block. */
    timestamp?: number
    accounts?: number
    /** The finalized block is two epochs behind the head. */
    slotsInAnEpoch?: number
    hardfork?: string
    chainId?: number
    gasLimit?: number
    /** So many past states can be asked for. Left out: all, which go to the disk, at a higher price than the block itself. */
    history?: number
    /** After a death that nobody asked for, with the chain up again. */
    onRevive?: (lastWords: string) => void
  } = {},
): Promise<Devchain> {
  const port = options.port ?? (await freePort())
  const url = `http://127.0.0.1:${port}`
  const rpc = createRpc(url)
  const start = async (): Promise<Supervised> => {
    const stateFile = options.stateFile?.()
    const args = [
      '--silent',
      ...(options.history ? [`--prune-history=${options.history}`] : []),
      `--port=${port}`,
      `--chain-id=${options.chainId ?? 31_337}`,
      `--hardfork=${options.hardfork ?? 'prague'}`,
      ...(options.accounts ? [`--accounts=${options.accounts}`] : []),
      ...(options.gasLimit ? [`--gas-limit=${options.gasLimit}`] : []),
      ...(options.slotsInAnEpoch ? [`--slots-in-an-epoch=${options.slotsInAnEpoch}`] : []),
      ...(stateFile ? [`--load-state=${stateFile}`] : options.timestamp ? [`--timestamp=${options.timestamp}`] : []),
    ]
    const child = supervise({ command: options.binary ?? anvilBinary(), args, signal: 'TERM' })
    await untilReady(child, { port, rpc })
    if (stateFile) await keepTimeMoving(rpc)
    return child
  }
  const stop = await keepRunning(start, options.onRevive)
  return { url, rpc, stop }
}

/** Knocking costs less than asking, and this machine is busy with the start. */
async function untilReady(child: Supervised, { port, rpc }: { port: number; rpc: Rpc }): Promise<void> {
  const until = performance.now() + startMs
  for (;;) {
    const answered = (await isOpen(port)) && (await rpc('eth_chainId').then(Boolean, () => false))
    if (answered && !child.isDead()) return
    if (child.isDead() || performance.now() > until) {
      await child.stop()
      throw new Error(`The embedded chain did not start: ${child.tail()}`)
    }
    await wait(10)
  }
}

function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1')
    const done = (open: boolean) => {
      socket.destroy()
      resolve(open)
    }
    socket.once('connect', () => done(true))
    socket.once('error', () => done(false))
  })
}

/** JSON-RPC without a library; errors carry the node's own words. */
function createRpc(url: string): Rpc {
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

type State = { blocks: { header: { number: string; timestamp: string } }[] }

/**
 * anvil's dump with one first block. A chain that was loaded also dumps the one that its anvil made before that, and the next
 * start would take either for block 0 and be another chain; the oldest is the true one.
 */
export function withOneGenesis(dump: string): string {
  if ((dump.match(/"number":"0x0"/g) ?? []).length < 2) return dump
  const state = JSON.parse(dump) as State
  const times = state.blocks.flatMap(({ header }) => (header.number === '0x0' ? [Number(header.timestamp)] : []))
  const first = Math.min(...times)
  const blocks = state.blocks.filter(({ header }) => header.number !== '0x0' || Number(header.timestamp) === first)
  return JSON.stringify({ ...state, blocks })
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

/** The wanted port where it is free, so that a wallet set to it finds the chain again; else any. */
export function freePort(wanted = 0): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = net.createServer()
    server.on('error', (error) => (wanted === 0 ? reject(error) : resolve(freePort())))
    server.listen(wanted, '127.0.0.1', () => {
      const { port } = server.address() as net.AddressInfo
      server.close(() => resolve(port))
    })
  })
}
