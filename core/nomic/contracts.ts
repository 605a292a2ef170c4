import type { Address } from 'viem'
import type { Context, Db, Trx } from '../context.ts'
import type { DaoRow } from '../db/tables/governance.ts'
import { UserError } from '../errors.ts'

/** The contracts of a Nomic DAO; its row has the chief as address, and as timelock the proxy that holds the treasury and all rights. */
export type NomicDao = DaoRow & {
  chief: Address
  pause: Address | undefined
  spells: Address | undefined
  polls: Address | undefined
}

/** The Nomic DAO that is watched: the one of this slug, or the only one there is. */
export async function findNomic(ctx: Pick<Context, 'db' | 'chain'>, slug?: string): Promise<NomicDao> {
  const rows = await ctx.db
    .selectFrom('dao')
    .selectAll()
    .where('kind', '=', 'nomic')
    .where('chain_id', '=', ctx.chain.id)
    .$if(slug !== undefined, (query) => query.where('slug', '=', slug ?? ''))
    .orderBy('id')
    .limit(1)
    .execute()
  const [dao] = rows
  if (dao) return withParts(ctx.db, dao)
  const { chief } = ctx.chain.addresses
  throw new UserError(
    slug === undefined ? 'No Nomic DAO is watched here yet.' : `I watch no Nomic DAO called “${slug.slice(0, 40)}”.`,
    { hint: slug === undefined ? `/watch ${chief ?? '<address of its chief>'}` : '/nomic', code: 'no-nomic' },
  )
}

export async function nomicById(db: Db | Trx, id: string): Promise<NomicDao> {
  return withParts(db, await db.selectFrom('dao').selectAll().where('id', '=', id).executeTakeFirstOrThrow())
}

async function withParts(db: Db | Trx, dao: DaoRow): Promise<NomicDao> {
  const parts = await db.selectFrom('part').select(['role', 'address']).where('dao_id', '=', dao.id).execute()
  const partOf = (role: string): Address | undefined => parts.find((part) => part.role === role)?.address as Address
  return {
    ...dao,
    chief: dao.address as Address,
    pause: partOf('pause'),
    spells: partOf('spells'),
    polls: partOf('polls'),
  }
}
