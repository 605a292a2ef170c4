import fs from 'node:fs'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { freePort, startDevchain, withOneGenesis, type Rpc } from './devchain.ts'

const unzip = promisify(gunzip)

const beatMs = 1_000
const idleMs = 12_000
const idleSaveMs = 30_000
/** The finalized block is two epochs behind, so no block is final before it was saved. */
const slotsInAnEpoch = 4
const untilFinal = 2 * slotsInAnEpoch + 1
const defaultPort = 8_545

export type WorldChain = {
  url: string
  rpc: Rpc
  /** Nothing was saved yet: whatever is put on it now is lost unless `save` is called. */
  isNew: boolean
  /** From now on blocks come by themselves: soon after a transaction, else now and then; and they are saved. */
  live(): Promise<void>
  save(): Promise<void>
  stop(): Promise<void>
}

/**
 * The embedded world's chain: anvil, whose state we save ourselves, whole and by rename. (anvil writes its own state file
 * in place, so a kill in the middle would leave half of one.) Its clock is the machine's.
 */
export async function startWorldChain(params: {
  home: string
  /** Unix seconds of the first block of a new chain. */
  timestamp: number
  onRevive?: (lastWords: string) => void
}): Promise<WorldChain> {
  const file = path.join(params.home, 'chain.json')
  const portFile = path.join(params.home, 'chain.port')
  fs.mkdirSync(params.home, { recursive: true })
  const isNew = !fs.existsSync(file)
  if (!isNew) tidy(file)
  const port = await freePort(isNew ? defaultPort : Number(fs.readFileSync(portFile, 'utf8')) || 0)
  let isLive = false
  const chain = await startDevchain({
    port,
    timestamp: params.timestamp,
    accounts: 40,
    gasLimit: 120_000_000,
    slotsInAnEpoch,
    stateFile: () => (fs.existsSync(file) ? file : undefined),
    onRevive: params.onRevive ?? (() => {}),
  })
  fs.writeFileSync(portFile, String(port))

  const save = async (): Promise<void> => {
    const state = await chain.rpc<string>('anvil_dumpState')
    const text = await unzip(Buffer.from(state.slice(2), 'hex'))
    const handle = await fs.promises.open(`${file}.new`, 'w', 0o600)
    await handle.writeFile(text)
    await handle.sync()
    await handle.close()
    await fs.promises.rename(`${file}.new`, file)
  }

  const ending = new AbortController()
  let beating: Promise<void> = Promise.resolve()
  return {
    url: chain.url,
    rpc: chain.rpc,
    isNew,
    save,
    async live() {
      await chain.rpc('evm_setAutomine', [false])
      isLive = true
      beating = beat(chain.rpc, save, ending.signal)
    },
    async stop() {
      ending.abort()
      await beating
      if (isLive) await save().catch(() => {})
      await chain.stop()
    },
  }
}

/** By rename, as it is saved. */
function tidy(file: string): void {
  const dump = fs.readFileSync(file, 'utf8')
  const tidied = withOneGenesis(dump)
  if (tidied === dump) return
  fs.writeFileSync(`${file}.new`, tidied, { mode: 0o600 })
  fs.renameSync(`${file}.new`, file)
}

/** Mines while there is something to mine and until that is final; else a block now and then, so that time passes. */
async function beat(rpc: Rpc, save: () => Promise<void>, signal: AbortSignal): Promise<void> {
  let owed = untilFinal
  let minedAt = 0
  let savedAt = 0
  let savingMs = 0
  while (!signal.aborted) {
    await wait(beatMs, undefined, { signal }).catch(() => {})
    if (signal.aborted) return
    try {
      // A chain that died and was started anew mines at once for every transaction until it is told not to.
      await rpc('evm_setAutomine', [false])
      const { pending } = await rpc<{ pending: string }>('txpool_status')
      const hasWork = Number(pending) > 0
      if (hasWork) owed = untilFinal
      if (owed === 0 && Date.now() - minedAt < idleMs) continue
      await rpc('evm_mine')
      minedAt = Date.now()
      // A long life makes a large state: a tenth of the time is enough for saving it.
      const pauseMs = owed > 0 ? 10 * savingMs : idleSaveMs
      owed = Math.max(0, owed - 1)
      if (minedAt - savedAt < pauseMs) continue
      await save()
      savedAt = Date.now()
      savingMs = savedAt - minedAt
    } catch {
      // It is being started again.
    }
  }
}
