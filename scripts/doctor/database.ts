import pg from 'pg'
import type { Config } from '../../core/config.ts'
import { bad, ok, reason, type Finding } from './finding.ts'

const oldest = 150_000

export async function checkDatabase(config: Config): Promise<Finding[]> {
  if (!config.DATABASE_URL) return [ok('database', `DATABASE_URL is not set: a server runs in ${config.AUTOCO_HOME}`)]
  const client = new pg.Client({ connectionString: config.DATABASE_URL, connectionTimeoutMillis: 5_000 })
  try {
    await client.connect()
    const { rows } = await client.query<{ number: string; version: string; may: boolean; name: string }>(
      `select current_setting('server_version_num') as number, current_setting('server_version') as version,
       has_database_privilege(current_database(), 'create') as may, current_database() as name`,
    )
    const [server] = rows
    if (!server) return [bad('DATABASE_URL', 'answers nothing', 'Is that PostgreSQL?')]
    if (Number(server.number) < oldest)
      return [bad('DATABASE_URL', `PostgreSQL ${server.version}`, 'AutoCo needs PostgreSQL 15 or newer.')]
    if (!server.may)
      return [
        bad(
          'DATABASE_URL',
          'this user may not make schemas',
          `grant create on database ${server.name} to its user, for the tables and the job queue.`,
        ),
      ]
    return [ok('DATABASE_URL', `PostgreSQL ${server.version}, database ${server.name}`)]
  } catch (error) {
    return [
      bad(
        'DATABASE_URL',
        `does not answer (${reason(error)})`,
        'Is PostgreSQL running, and are user and password right?',
      ),
    ]
  } finally {
    await client.end().catch(() => {})
  }
}
