import { sql } from 'kysely'
import type { Context } from '../../core/index.ts'

/** While `run` goes on, nothing can be stored in the inbox: another session has it for itself. */
export async function whileBusy<T>({ db }: Pick<Context, 'db'>, run: () => Promise<T>): Promise<T> {
  return await db.transaction().execute(async (trx) => {
    await sql`lock table inbox in access exclusive mode`.execute(trx)
    return await run()
  })
}
