import { deliverJob, redeliverJob } from './deliver.ts'
import type { AnyJob } from './queue.ts'

/** Every job, one line each. */
export const jobs: readonly AnyJob[] = [deliverJob, redeliverJob]
