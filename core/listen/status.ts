import type { Context } from '../context.ts'
import type { Heads } from '../chain/header.ts'

type Chained = Pick<Context, 'db' | 'chain' | 'log'>

/** Says why this is not the chain that was read so far; a chain that is new to us is written down. */
export async function checkChain(ctx: Chained, { chainId, genesis }: Heads): Promise<string | undefined> {
  const { id } = ctx.chain
  if (chainId !== id) return `The node is on chain ${chainId}, not on chain ${id}.`
  const known = await ctx.db.selectFrom('chain').select('genesis_hash').where('id', '=', id).executeTakeFirst()
  if (!known)
    await ctx.db
      .insertInto('chain')
      .values({ id, genesis_hash: genesis, reason: null })
      .onConflict((conflict) => conflict.doNothing())
      .execute()
  if (known?.genesis_hash === '')
    await ctx.db.updateTable('chain').set({ genesis_hash: genesis }).where('id', '=', id).execute()
  return known && known.genesis_hash !== '' && known.genesis_hash !== genesis
    ? `The node is on another chain of the same id: its first block is ${genesis}, not ${known.genesis_hash}.`
    : undefined
}

/** Stops one chain, loudly and once; everything else goes on. It is live again as soon as the node is on the right chain. */
export async function markStopped(ctx: Chained, reason: string): Promise<void> {
  const { numInsertedOrUpdatedRows } = await ctx.db
    .insertInto('chain')
    .values({ id: ctx.chain.id, genesis_hash: '', state: 'stopped', reason })
    .onConflict((conflict) =>
      conflict
        .column('id')
        .doUpdateSet({ state: 'stopped', reason })
        .where((eb) => eb.or([eb('chain.state', '=', 'live'), eb('chain.reason', 'is distinct from', reason)])),
    )
    .executeTakeFirst()
  if (numInsertedOrUpdatedRows) ctx.log.error({ chain: ctx.chain.id, reason }, 'listening stopped')
}

export async function markLive(ctx: Chained): Promise<void> {
  const { numUpdatedRows } = await ctx.db
    .updateTable('chain')
    .set({ state: 'live', reason: null })
    .where('id', '=', ctx.chain.id)
    .where('state', '=', 'stopped')
    .executeTakeFirst()
  if (numUpdatedRows > 0n) ctx.log.info({ chain: ctx.chain.id }, 'listening again')
}
