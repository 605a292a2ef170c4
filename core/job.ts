import type { z } from 'zod'
import type { Db, Trx } from './db/schema.ts'

/** What is sent: the name and shape of a job's data. Domain code sends declared jobs; `core/jobs` says how they run. */
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

export const declareJob = <T>(name: string, schema: z.ZodType<T>): JobDeclaration<T> => ({ name, schema })
