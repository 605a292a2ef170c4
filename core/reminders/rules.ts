import type { Context, Trx } from '../context.ts'
import { quietUntil } from '../settings/quiet.ts'
import type { Chosen } from './account.ts'

const mostAWeek = 3
const weekMs = 7 * 86_400_000
const night = { from: 22 * 60, to: 8 * 60 }

export const isAsleep = (ctx: Pick<Context, 'now'>, { zone }: Chosen): boolean =>
  zone !== null && quietUntil({ quiet: night, zone }, ctx.now()) !== undefined

/** Nobody is reminded more than so often, of whatever kind; processes take turns at a person, so that the count is right. */
export async function mayRemind(ctx: Pick<Context, 'now'>, trx: Trx, personId: string): Promise<boolean> {
  await trx.selectFrom('person').select('id').where('id', '=', personId).forUpdate().execute()
  const since = new Date(ctx.now() - weekMs)
  let sent = 0
  for (const table of ['reminder', 'decision_reminder'] as const) {
    const { count } = await trx
      .selectFrom(table)
      .select((eb) => eb.fn.countAll<string>().as('count'))
      .where('person_id', '=', personId)
      .where('sent_at', '>', since)
      .executeTakeFirstOrThrow()
    sent += Number(count)
  }
  return sent < mostAWeek
}
