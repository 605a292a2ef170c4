import { sql } from 'kysely'
import { toEventSelector } from 'viem'
import type { Context } from '../context.ts'
import type { NomicDao } from './contracts.ts'

const [locked, freed] = ['Locked(uint32,uint256)', 'Freed(uint32,uint256)'].map((event) => toEventSelector(event))

/** All NOMIC that is locked, by what the chief has logged up to the cursor; amounts have 96 bits, so two halves of 48. */
export async function lockedIn(ctx: Pick<Context, 'db' | 'chain'>, dao: Pick<NomicDao, 'chief'>): Promise<string> {
  const { rows } = await sql<{ sum: string | null }>`
    select sum(
      (('x' || substr(data, 43, 12))::bit(48)::bigint::numeric * 281474976710656 + ('x' || substr(data, 55, 12))::bit(48)::bigint)
      * case when topics[1] = ${locked} then 1 else -1 end
    ) as sum from log
    where chain_id = ${ctx.chain.id} and address = ${dao.chief.toLowerCase()} and orphaned_at is null
      and topics[1] in (${locked}, ${freed})
  `.execute(ctx.db)
  return rows[0]?.sum ?? '0'
}
