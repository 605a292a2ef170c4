import type { AnyJob } from './queue.ts'

/** Every job, one line each. */
export const jobs: readonly AnyJob[] = []
