import { deliverJob, redeliverJob } from './deliver.ts'
import type { AnyJob } from './queue.ts'
import { reverifyJob } from './reverify.ts'

/** Every job, one line each. */
export const jobs: readonly AnyJob[] = [deliverJob, redeliverJob, reverifyJob]
