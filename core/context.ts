import type { Keyv } from 'keyv'
import type { Logger } from 'pino'
import type { z } from 'zod'
import type { Config } from './config.ts'
import type { Db, Trx } from './db/tables/schema.ts'
import type { Messenger } from './platform.ts'
import type { Chain, Model } from './ports.ts'

export type { Db, Trx } from './db/tables/schema.ts'

/**
 * The registries. What differs between things of one sort is filled in by a kind; the engine that does what is the same
 * walks `ctx.kinds` and knows none by name. An engine declares its registry here (`declare module`), a feature brings
 * kinds for it, and `features.ts` puts them together.
 */
export interface Kinds {}

/** What is sent: the name and shape of a job's data. Domain code sends declared jobs; `defineJob` says how they run. */
export type JobDeclaration<T> = { name: string; schema: z.ZodType<T> }

export type SendOptions = {
  /** While a job of this key waits, another one is not sent; one that should run earlier moves it up. */
  key?: string
  afterMs?: number
}

/** The queue as domain code sees it: a job is sent in the transaction of the fact that causes it. */
export type Sender = {
  send<T>(db: Db | Trx, job: JobDeclaration<T>, data: T, options?: SendOptions): Promise<void>
}

/** What varies by deployment. Functions take it first: `doThing(ctx, params)`. */
export type Context = {
  config: Config
  db: Db
  /** Keyv over the same database, by namespace: holds what may vanish. */
  kv: (namespace: string) => Keyv
  queue: Sender
  chain: Chain
  ai: Model | undefined
  log: Logger
  /** Unix milliseconds of this machine: for tickets and throttles. Voting deadlines are in chain time. */
  now: () => number
  kinds: Kinds
  /** The platforms of this process, through which the outbox speaks; `createApp` puts it here. */
  platform?: ((name: string) => Messenger | undefined) | undefined
  /** Tests only put something here; see `crashpoint`. */
  crash?: ((name: string) => void) | undefined
}
