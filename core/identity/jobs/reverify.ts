import { reverify, reverifyWallets } from '../reverify.ts'
import { defineJob } from '../../job.ts'

/** Asks linked contract wallets again, once a week each. */
export const reverifyJob = defineJob({ ...reverify, concurrency: 1, expireSeconds: 600, run: reverifyWallets })
