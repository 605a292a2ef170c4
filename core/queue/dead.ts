import type { PgBoss as Boss } from 'pg-boss'
import pg from 'pg'
import type { Logger } from 'pino'

/** As long as its connection lives, a process that works holds this lock, together with the others. */
const lock = `hashtextextended('autoco/worker', 0)`

/**
 * Whoever starts to work alone on a database knows that every job that still counts as running died with its process: it is
 * free again at once, where otherwise its missing heartbeat would have to be noticed. Returns what lets go of the lock.
 */
export async function freeDeadJobs(
  boss: Pick<Boss, 'fail'>,
  options: { url: string; log: Logger },
): Promise<() => Promise<void>> {
  const client = new pg.Client({ connectionString: options.url })
  client.on('error', (error) => options.log.warn({ error }, 'queue'))
  await client.connect()
  const { rows } = await client.query<{ alone: boolean }>(`select pg_try_advisory_lock(${lock}) as alone`)
  if (rows[0]?.alone) {
    const dead = await client.query<{ name: string; id: string }>(
      `select name, id from pgboss.job where state = 'active'`,
    )
    for (const { name, id } of dead.rows) await boss.fail(name, id, { message: 'its process died' })
  }
  await client.query(`select pg_advisory_lock_shared(${lock})`)
  if (rows[0]?.alone) await client.query(`select pg_advisory_unlock(${lock})`)
  return () => client.end()
}
