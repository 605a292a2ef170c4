import type { Context } from '../context.ts'
import type { DaoRow } from '../db/tables/governance.ts'
import { UserError } from '../errors.ts'

/** The watched DAO of this slug (`ens`). */
export async function findDao(ctx: Pick<Context, 'db'>, slug: string): Promise<DaoRow> {
  const dao = await ctx.db.selectFrom('dao').selectAll().where('slug', '=', slug).executeTakeFirst()
  if (!dao) throw new UserError(`I watch no DAO called “${slug.slice(0, 40)}”.`, { hint: '/proposals' })
  return dao
}
