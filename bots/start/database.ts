import path from 'node:path'
import type { Logger } from 'pino'
import type { Config } from '../../core/config.ts'
import type { OpenDatabase } from '../../core/db/open.ts'
import { UserError } from '../../core/errors.ts'
import type { Stops } from './stops.ts'

type Params = { config: Config; home: string; log: Logger; stops: Stops }

/** PostgreSQL by `DATABASE_URL`, else a server of our own, with the newest schema. */
export async function startDatabase({ config, home, log, stops }: Params): Promise<OpenDatabase & { url: string }> {
  const code = Promise.all([import('../../core/db/open.ts'), import('../../core/db/migrate.ts')])
  code.catch(() => {})
  const url = config.DATABASE_URL ?? (await startOwn(home, log, stops))
  const [{ openDatabase }, { migrate }] = await code
  const database = openDatabase(url, { onError: (error) => log.warn({ error }, 'a database session was lost') })
  stops.add('database sessions', () => database.close())
  await database.pool.query('select 1').catch((cause: unknown) => {
    throw new UserError('The database at DATABASE_URL does not answer.', {
      hint: 'Is the address right and PostgreSQL running? Try: npm run doctor',
      code: 'database-silent',
      cause,
    })
  })
  await migrate(database.db)
  return { ...database, url }
}

async function startOwn(home: string, log: Logger, stops: Stops): Promise<string> {
  const { startEmbedded } = await import('../../core/db/embedded.ts')
  const server = await startEmbedded({
    dataDir: path.join(home, 'pg'),
    onRevive: (lastWords) => log.error({ lastWords }, 'the embedded database died and is started again'),
  })
  stops.add('database', () => server.stop())
  return server.url
}
