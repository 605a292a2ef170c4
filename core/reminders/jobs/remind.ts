import { z } from 'zod'
import type { Context } from '../../context.ts'
import { RetryableError } from '../../errors.ts'
import { remindOfDecisions } from '../decisions.ts'
import { endReminders } from '../voted.ts'
import { remindOf } from '../remind.ts'
import { defineJob } from '../../job.ts'

/** Looks who is to be reminded by now; what was sent stands in rows, so that a second look sends nothing twice. */
export const remindJob = defineJob({
  name: 'remind',
  schema: z.object({}),
  retry: { limit: 2, delayMs: 5_000 },
  concurrency: 1,
  expireSeconds: 300,
  run: remind,
})

export async function remind(ctx: Context): Promise<void> {
  await endReminders(ctx)
  const open = await ctx.db
    .selectFrom('proposal')
    .innerJoin('dao', 'dao.id', 'proposal.dao_id')
    .select('proposal.id')
    .where('dao.chain_id', '=', ctx.chain.id)
    .where('proposal.state', '=', 'active')
    .where('proposal.orphaned_at', 'is', null)
    .orderBy('proposal.id')
    .execute()
  for (const { id } of open) {
    try {
      await remindOf(ctx, id)
    } catch (error) {
      // One contract that does not answer must not keep others' people from being reminded.
      if (!(error instanceof RetryableError)) throw error
      ctx.log.warn({ proposal: id, error }, 'not reminded yet')
    }
  }
  for (const kind of ctx.kinds.decisions)
    await remindOfDecisions(ctx, kind).catch((error: unknown) => {
      if (!(error instanceof RetryableError)) throw error
      ctx.log.warn({ kind: kind.name, error }, 'not reminded yet')
    })
}
