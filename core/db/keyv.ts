import { EventEmitter } from 'node:events'
import { Keyv, keyvStorageCapability, type KeyvStorageAdapter, type KeyvStorageEntry } from 'keyv'
import type pg from 'pg'

type Row = { k: string; v: string }

/** Keyv's storage over the shared pool (the published adapter still peers on keyv 5). `expires` is absolute, in ms. */
class PostgresStore extends EventEmitter {
  namespace?: string | undefined
  readonly #pool: pg.Pool

  constructor(pool: pg.Pool) {
    super()
    this.#pool = pool
  }

  get capabilities() {
    return keyvStorageCapability(this)
  }

  get #ns(): string {
    return this.namespace ?? ''
  }

  async get(key: string): Promise<unknown> {
    return (await this.getMany([key]))[0]
  }

  async getMany(keys: string[]): Promise<unknown[]> {
    const { rows } = await this.#pool.query<Row>(
      'select k, v from kv where ns = $1 and k = any($2) and (expires is null or expires > now())',
      [this.#ns, keys],
    )
    const found = new Map(rows.map((row) => [row.k, row.v]))
    return keys.map((key) => found.get(key))
  }

  async set(key: string, value: unknown, expires?: number): Promise<boolean> {
    const entry = { key, value, ...(expires === undefined ? {} : { expires }) } as KeyvStorageEntry<unknown>
    return (await this.setMany([entry]))[0] === true
  }

  async setMany<V>(entries: KeyvStorageEntry<V>[]): Promise<boolean[]> {
    // One row per key: ON CONFLICT cannot touch a row twice.
    const unique = [...new Map(entries.map((entry) => [entry.key, entry])).values()]
    await this.#pool.query(
      `insert into kv (ns, k, v, expires) select $1, * from unnest($2::text[], $3::text[], $4::timestamptz[])
       on conflict (ns, k) do update set v = excluded.v, expires = excluded.expires`,
      [
        this.#ns,
        unique.map((entry) => entry.key),
        unique.map((entry) => entry.value),
        unique.map((entry) => (entry.expires === undefined ? null : new Date(entry.expires))),
      ],
    )
    return entries.map(() => true)
  }

  async delete(key: string): Promise<boolean> {
    return (await this.deleteMany([key]))[0] === true
  }

  async deleteMany(keys: string[]): Promise<boolean[]> {
    const { rows } = await this.#pool.query<Row>('delete from kv where ns = $1 and k = any($2) returning k', [
      this.#ns,
      keys,
    ])
    const gone = new Set(rows.map((row) => row.k))
    return keys.map((key) => gone.has(key))
  }

  async clear(): Promise<void> {
    await this.#pool.query('delete from kv where ns = $1', [this.#ns])
  }

  async has(key: string): Promise<boolean> {
    return (await this.hasMany([key]))[0] === true
  }

  async hasMany(keys: string[]): Promise<boolean[]> {
    return (await this.getMany(keys)).map((value) => value !== undefined)
  }

  async *iterator(): AsyncGenerator<[string, unknown], void> {
    const { rows } = await this.#pool.query<Row>(
      'select k, v from kv where ns = $1 and (expires is null or expires > now()) order by k',
      [this.#ns],
    )
    for (const row of rows) yield [row.k, row.v]
  }
}

/** `kv('names')` is a Keyv of its own; several processes on one database share it. */
export function createKv(pool: pg.Pool): (namespace: string) => Keyv {
  const opened = new Map<string, Keyv>()
  return (namespace) => {
    const known = opened.get(namespace)
    if (known) return known
    const store = new PostgresStore(pool) as unknown as KeyvStorageAdapter
    const keyv = new Keyv({ store, namespace })
    opened.set(namespace, keyv)
    return keyv
  }
}
