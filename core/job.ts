import type { z } from 'zod'
import type { Context, JobDeclaration } from './context.ts'

/** Slow or outside work: written in the transaction of the fact that causes it, run by a worker at least once. */
export type Job<T> = JobDeclaration<T> & {
  retry?: { limit: number; delayMs: number; backoff?: boolean }
  /** Workers of this job in this process. */
  concurrency?: number
  expireSeconds?: number
  run(ctx: Context, data: T): Promise<void>
}

// `any`, because the list of all jobs holds data of different shapes; each job parses its own.
export type AnyJob = Job<any>

export const declareJob = <T>(name: string, schema: z.ZodType<T>): JobDeclaration<T> => ({ name, schema })

export const defineJob = <T>(job: Job<T>): Job<T> => job
