import pg from 'pg'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { createQueue, type Queue } from '../../../core/queue/queue.ts'
import { startClock } from '../../../core/queue/clock.ts'
import { jobs, ticks } from '../../../core/features.ts'
import { createLogger } from '../../../core/log.ts'
import { testDb } from '../../support/db.ts'

const log = createLogger({ level: 'silent' })
let database: Awaited<ReturnType<typeof testDb>>
let queue: Queue

beforeAll(async () => {
  database = await testDb()
  queue = await createQueue({ url: database.url, jobs, log })
})
afterAll(async () => {
  await queue.stop()
  await database.close()
})

test('rings only to send: however many clocks ring, one job waits', async () => {
  const ctx = { db: database.db, queue, log }
  const clocks = [startClock(ctx, ticks), startClock(ctx, ticks)]
  const admin = new pg.Client({ connectionString: database.url })
  await admin.connect()
  const waiting = async (): Promise<{ name: string; count: string }[]> =>
    (await admin.query(`select name, count(*) from pgboss.job where state = 'created' group by 1`)).rows as never
  await vi.waitFor(async () => expect(await waiting()).toContainEqual({ name: 'heal', count: '1' }), {
    timeout: 25_000,
    interval: 100,
  })
  for (const clock of clocks) clock.stop()
  await admin.end()
})
