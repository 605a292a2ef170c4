import type { Context } from '../context.ts'
import type { DaoRow } from '../db/tables/governance.ts'
import type { Proposal } from '../governance/proposal.ts'
import { settingsOfAll } from '../settings/settings.ts'
import { usualMarks } from '../settings/specs.ts'

/** The governor's clock at the newest block that was read; undefined before any was. */
export async function chainClock(
  ctx: Pick<Context, 'db'>,
  { chain_id, clock }: Pick<DaoRow, 'chain_id' | 'clock'>,
): Promise<bigint | undefined> {
  const block = await ctx.db
    .selectFrom('block')
    .select(['number', 'time'])
    .where('chain_id', '=', chain_id)
    .where('orphaned_at', 'is', null)
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst()
  return block && BigInt(clock === 'timestamp' ? block.time : block.number)
}

/** How much of the time to vote is over, in percent; below zero before it begins. */
export function progressOf({ snapshot, deadline }: Pick<Proposal, 'snapshot' | 'deadline'>, clock: bigint): number {
  const whole = BigInt(deadline) - BigInt(snapshot)
  return whole <= 0n ? 100 : Number(((clock - BigInt(snapshot)) * 100n) / whole)
}

/** When people are reminded, in percent: as the channels that hear of the DAO have it, as usual where none does. */
export async function marksOf(ctx: Pick<Context, 'db'>, { dao_id }: Pick<Proposal, 'dao_id'>): Promise<number[]> {
  const channels = await ctx.db
    .selectFrom('subscription')
    .select(['platform', 'channel as id'])
    .where('dao_id', '=', dao_id)
    .execute()
  if (channels.length === 0) return usualMarks.split(',').map(Number)
  const settings = await settingsOfAll(ctx, { channels, daoId: dao_id })
  return [...new Set(channels.flatMap((channel) => settings(channel).reminders))].sort((a, b) => a - b)
}
