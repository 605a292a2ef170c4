import type { Context, Trx } from '../context.ts'
import { coverContract } from './cursor.ts'

/** Hears a contract of a DAO from `from` on; what it said up to `quietUntil` is history. Doing it again changes nothing. */
export async function addPart(
  ctx: Pick<Context, 'chain'>,
  trx: Trx,
  params: { address: string; role: string; daoId: string; from: bigint; quietUntil: bigint },
): Promise<void> {
  const { address, role, daoId, from, quietUntil } = params
  const row = await trx
    .insertInto('part')
    .values({
      chain_id: ctx.chain.id,
      address: address.toLowerCase(),
      dao_id: daoId,
      role,
      quiet_until: quietUntil.toString(),
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning('role')
    .executeTakeFirst()
  if (row) await coverContract(ctx, trx, { address, from })
}
