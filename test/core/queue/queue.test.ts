import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { z } from 'zod'
import type { Context } from '../../../core/context.ts'
import { defineJob } from '../../../core/job.ts'
import { createQueue, type Queue } from '../../../core/queue/queue.ts'
import { createLogger } from '../../../core/log.ts'
import { testDb } from '../../support/db.ts'

const failing = defineJob({
  name: 'failing',
  schema: z.object({}),
  run: () => Promise.reject(new Error('HTTP request failed. URL: https://rpc.example.org/v2/key-of-the-rpc')),
})

let database: Awaited<ReturnType<typeof testDb>>
let queue: Queue
beforeAll(async () => {
  database = await testDb()
  const log = createLogger({ level: 'silent' })
  queue = await createQueue({ url: database.url, jobs: [failing], log })
  await queue.work([failing], { db: database.db, log } as Context)
})
afterAll(async () => {
  await queue.stop()
  await database.close()
})

test('what is kept of a job that failed holds no key of an RPC', async () => {
  await queue.send(database.db, failing, {})
  await vi.waitFor(
    async () => {
      const { rows } = await sql<{ output: unknown }>`select output from pgboss.job where name = 'failing'`.execute(
        database.db,
      )
      const kept = JSON.stringify(rows)
      expect(kept).toContain('HTTP request failed. URL: https://rpc.example.org/…')
      expect(kept).not.toContain('key-of-the-rpc')
    },
    { timeout: 10_000, interval: 50 },
  )
})
