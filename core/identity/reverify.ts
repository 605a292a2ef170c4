import type { Address, Hex } from 'viem'
import { z } from 'zod'
import type { Context } from '../context.ts'
import type { WalletRow } from '../db/tables/identity.ts'
import { UserError } from '../errors.ts'
import { declareJob } from '../job.ts'
import { lockIdentities } from './join.ts'
import { proveSignature } from './signature.ts'
import { removeWallet } from './unlink.ts'

export const reverifyMs = 7 * 86_400_000
const proof = z.object({ hash: z.string(), signature: z.string() })
const batchSize = 100

/** Asks contract wallets once a week whether they still agree: their owners and their code may change. */
export const reverify = declareJob('reverify', z.object({}))

/** A wallet that says no is unlinked; one that cannot be asked now is asked next time. */
export async function reverifyWallets(ctx: Context): Promise<void> {
  const rows = await ctx.db
    .selectFrom('wallet')
    .selectAll()
    .where('verified', '<>', 'eoa')
    .where('chain_id', '=', ctx.chain.id)
    .where('checked_at', '<=', new Date(ctx.now() - reverifyMs))
    .orderBy('checked_at')
    .limit(batchSize)
    .execute()
  for (const row of rows) {
    await reverifyWallet(ctx, row).catch((error: unknown) => ctx.log.warn({ error }, 'wallet not asked again'))
  }
  await sendNext(ctx)
}

async function reverifyWallet(ctx: Context, row: WalletRow): Promise<void> {
  try {
    const { hash, signature } = proof.parse(row.proof)
    const found = await proveSignature(ctx, { address: row.address as Address, hash: hash as Hex, signature })
    await ctx.db
      .updateTable('wallet')
      .set({
        verified: found.how,
        block_number: found.block?.toString() ?? null,
        proof: JSON.stringify({ hash, signature: found.signature }),
        checked_at: new Date(ctx.now()),
      })
      .where('address', '=', row.address)
      .where('checked_at', '=', row.checked_at)
      .execute()
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    await ctx.db.transaction().execute(async (trx) => {
      await lockIdentities(trx)
      const still = await trx
        .selectFrom('wallet')
        .select('person_id')
        .where('address', '=', row.address)
        .where('checked_at', '=', row.checked_at)
        .executeTakeFirst()
      if (still) await removeWallet(trx, { personId: still.person_id, wallet: row.address, why: 'refused' })
    })
  }
}

/** When the next wallet is due, but never at once: one that could not be asked is due already. */
async function sendNext(ctx: Context): Promise<void> {
  const next = await ctx.db
    .selectFrom('wallet')
    .select((eb) => eb.fn.min('checked_at').as('at'))
    .where('verified', '<>', 'eoa')
    .executeTakeFirst()
  if (!next?.at) return
  const afterMs = Math.max(new Date(next.at).getTime() + reverifyMs - ctx.now(), 3_600_000)
  await ctx.queue.send(ctx.db, reverify, {}, { key: 'reverify', afterMs })
}
