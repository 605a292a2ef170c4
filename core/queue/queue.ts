import type { PgBoss as Boss } from 'pg-boss'
import type pg from 'pg'
import type { Logger } from 'pino'
import type { Context, Sender } from '../context.ts'
import { RetryableError } from '../errors.ts'
import type { AnyJob } from '../job.ts'
import { hideSecrets, incident } from '../log.ts'
import { freeDeadJobs } from './dead.ts'

export type Queue = Sender & {
  work(jobs: readonly AnyJob[], ctx: Context): Promise<void>
  /** Waits for running jobs, then lets go of the database. */
  stop(): Promise<void>
}

const deadLetter = 'dead-letter'
const defaults = { retry: { limit: 10, delayMs: 1_000, backoff: true }, concurrency: 1, expireSeconds: 300 }

/** pg-boss in the same database; domain rows stay the truth, the queue only knows timers and retries. */
export async function createQueue(options: { url: string; jobs: readonly AnyJob[]; log: Logger }): Promise<Queue> {
  const { PgBoss, fromKysely } = await import('pg-boss')
  const boss = new PgBoss({
    connectionString: options.url,
    schema: 'pgboss',
    max: 6,
    useListenNotify: true,
    schedule: false,
    superviseIntervalSeconds: 5,
    monitorIntervalSeconds: 5,
  })
  boss.on('error', (error) => options.log.warn({ error }, 'queue'))
  await boss.start()
  // One that is there already stays as it is; on every start but the first that is all of them.
  const known = new Set((await boss.getQueues()).map(({ name }) => name))
  if (!known.has(deadLetter)) await boss.createQueue(deadLetter)
  await Promise.all(options.jobs.filter(({ name }) => !known.has(name)).map((job) => createJobQueue(boss, job)))
  const pool = new (await import('pg')).default.Pool({ connectionString: options.url, max: 1 })
  pool.on('error', (error) => options.log.warn({ error }, 'queue'))
  let letGo: (() => Promise<void>) | undefined

  return {
    async send(db, job, data, { key, afterMs = 0 } = {}) {
      const startAfter = afterMs > 0 ? new Date(Date.now() + afterMs) : undefined
      const executor = fromKysely(db as never)
      for (let tries = 0; tries < 20; tries += 1) {
        const id = await boss.send(job.name, job.schema.parse(data) as object, {
          // Every queue allows one waiting job per key, so a job without a key gets one of its own.
          singletonKey: key ?? crypto.randomUUID(),
          ...(startAfter ? { startAfter } : {}),
          db: executor,
        })
        if (id !== null || key === undefined) return
        // The waiting job does; the update holds it until we commit, so that it cannot run without seeing our rows.
        const { rows } = await executor.executeSql(
          `update pgboss.job set start_after = least(start_after, $3::timestamptz)
           where name = $1 and singleton_key = $2 and state = 'created' returning id`,
          [job.name, key, startAfter ?? new Date()],
        )
        // A worker took it in between, perhaps before it could see our rows: another one has to wait.
        if (rows.length > 0) return
      }
      throw new Error(`The queue ${job.name} takes no job of the key ${key}.`)
    },
    async work(jobs, ctx) {
      letGo = await freeDeadJobs(boss, options)
      await Promise.all(jobs.map((job) => startWorker({ boss, pool, job, ctx })))
      await boss.work(deadLetter, async ([dead]) => {
        if (dead) ctx.log.error({ job: dead.data }, 'a job failed for good')
      })
    },
    async stop() {
      await boss.stop({ graceful: true, timeout: 5_000 })
      await letGo?.()
      await pool.end()
    },
  }
}

async function createJobQueue(boss: Boss, job: AnyJob): Promise<void> {
  const retry = job.retry ?? defaults.retry
  const settings = {
    retryLimit: retry.limit,
    retryDelay: Math.max(1, Math.round(retry.delayMs / 1000)),
    retryBackoff: retry.backoff ?? true,
    expireInSeconds: job.expireSeconds ?? defaults.expireSeconds,
    // A job whose worker died with its process is free again after this, not only when its time is up.
    heartbeatSeconds: 10,
    deleteAfterSeconds: 3_600,
    notify: true,
  }
  // Stately: per key one job waits and one runs, so runs of one key never overtake one another.
  await boss.createQueue(job.name, { policy: 'stately', deadLetter, ...settings })
}

async function startWorker(params: { boss: Boss; pool: pg.Pool; job: AnyJob; ctx: Context }): Promise<void> {
  const { boss, pool, job, ctx } = params
  const options = {
    includeMetadata: true,
    pollingIntervalSeconds: 1,
    // A notice wakes a worker for a job that is due; one that falls due later is found by looking.
    notifyPollingIntervalSeconds: 1,
    localConcurrency: job.concurrency ?? defaults.concurrency,
  } as const
  await boss.work(job.name, options, async ([item]) => {
    if (!item) return
    try {
      await job.run(ctx, job.schema.parse(item.data))
    } catch (error) {
      const asked = error instanceof RetryableError ? error.afterMs : undefined
      // A wait that was asked for is no failure, and must not use up the tries.
      if (asked !== undefined)
        await pool.query(`update pgboss.job set retry_limit = retry_limit + 1 where name = $1 and id = $2`, [
          job.name,
          item.id,
        ])
      const isLast = asked === undefined && item.retryCount >= item.retryLimit
      if (isLast || !(error instanceof RetryableError))
        ctx.log.warn({ job: job.name, id: isLast ? incident(ctx.log, error) : undefined, error }, 'job failed')
      // Kept in the database and in its backups, so the key of an RPC's address must not be in it.
      const message = error instanceof Error ? hideSecrets(error.message).slice(0, 500) : 'failed'
      await boss.fail(job.name, item.id, { message })
      if (asked !== undefined) {
        await pool.query(
          `update pgboss.job set start_after = now() + $3 * interval '1 millisecond' where name = $1 and id = $2 and state = 'retry'`,
          [job.name, item.id, asked],
        )
      }
    }
  })
}
