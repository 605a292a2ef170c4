import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import type { Database } from './tables/schema.ts'

export type OpenDatabase = { db: Kysely<Database>; pool: pg.Pool; close(): Promise<void> }

/**
 * Opens PostgreSQL through one pool. `int8` and `numeric` arrive as decimal strings, never as floats.
 * A lost connection is an error of the query that needed it, not of the process.
 */
export function openDatabase(
  url: string,
  options: { max?: number; onError?: (error: Error) => void } = {},
): OpenDatabase {
  const pool = new pg.Pool({ connectionString: url, max: options.max ?? 16, connectionTimeoutMillis: 10_000 })
  pool.on('error', (error) => options.onError?.(error))
  // Between two queries of a transaction nobody listens to a session, and an error that nobody hears ends the process.
  pool.on('connect', (client) => {
    client.on('error', () => {})
  })
  const db = new Kysely<Database>({ dialect: new PostgresDialect({ pool }) })
  return { db, pool, close: () => db.destroy() }
}
