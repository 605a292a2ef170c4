import fs from 'node:fs'
import path from 'node:path'
import { gunzipSync } from 'node:zlib'
import pg from 'pg'
import { inject } from 'vitest'
import { withOneGenesis } from '../../bots/world/devchain.ts'
import type { TestChain } from './chain.ts'

/** A start that many files have in common: what the chain and the database hold by then, and what a test must know of it. */
export type Saved<T> = { facts: T; stateFile: string; template?: string }

/** What `make` leaves behind: its chain, and its database, if it has one, with nobody in it any more. */
type Made<T> = {
  facts: T
  chain: TestChain
  /** Whether its past blocks can be asked for their states; each of them makes loading longer. */
  history: boolean
  database?: string
  stop(): Promise<void>
}

/** Made once a run by the first file that needs it; the others wait for it, whichever worker they are in. `facts` are JSON. */
export async function saved<T>(name: string, make: () => Promise<Made<T>>): Promise<Saved<T>> {
  const admin = new pg.Client({ connectionString: inject('databaseUrl') })
  await admin.connect()
  try {
    await admin.query('select pg_advisory_lock(hashtext($1))', [name])
    const { rows } = await admin.query<{ value: Saved<T> }>('select value from saved where name = $1', [name])
    if (rows[0]) return rows[0].value
    const made = await make()
    const stateFile = path.join(inject('folder'), `${name}.json`)
    await saveState(made, stateFile)
    await made.stop()
    const { facts, database: template } = made
    const value: Saved<T> = { facts, stateFile, ...(template === undefined ? {} : { template }) }
    await admin.query('insert into saved values ($1, $2)', [name, JSON.stringify(value)])
    return value
  } finally {
    await admin.end()
  }
}

async function saveState({ chain, history }: Pick<Made<unknown>, 'chain' | 'history'>, file: string): Promise<void> {
  const dump = await chain.rpc<string>('anvil_dumpState', [history])
  fs.writeFileSync(file, withOneGenesis(gunzipSync(Buffer.from(dump.slice(2), 'hex')).toString()))
}
