import type { Context } from '../context.ts'
import { UserError } from '../errors.ts'
import { findProposal } from '../governance/proposal.ts'
import type { Person } from '../command.ts'
import { chainClock } from './progress.ts'
import { endReminder } from './voted.ts'

const dayMs = 86_400_000
/** Blocks are no time: a governor that counts in them is taken to need so long for one. */
const blockMs = 12_000

/** Puts one proposal off for a day, or for half of what is left when that is less. Answers with until when, in unix ms. */
export async function snoozeProposal(
  ctx: Pick<Context, 'db' | 'queue' | 'now'>,
  { person, ref }: { person: Person; ref: string },
): Promise<number> {
  const proposal = await findProposal(ctx, ref)
  const clock = await chainClock(ctx, proposal.dao)
  const left = BigInt(proposal.deadline) - (clock ?? BigInt(proposal.deadline))
  if (left <= 0n || proposal.state !== 'active')
    throw new UserError(`There is nothing to put off: ${ref} is not open for votes.`, { hint: `/proposal ${ref}` })
  const leftMs = Number(left) * (proposal.dao.clock === 'timestamp' ? 1_000 : blockMs)
  const until = ctx.now() + Math.min(dayMs, leftMs / 2)
  await ctx.db
    .insertInto('reminder_snooze')
    .values({ proposal_id: proposal.id, person_id: person.id, until: new Date(until) })
    .onConflict((conflict) => conflict.columns(['proposal_id', 'person_id']).doUpdateSet({ until: new Date(until) }))
    .execute()
  const rows = await ctx.db
    .selectFrom('reminder')
    .selectAll()
    .where('proposal_id', '=', proposal.id)
    .where('person_id', '=', person.id)
    .where('ended', 'is', null)
    .execute()
  for (const row of rows) await endReminder(ctx, row, 'snoozed')
  return until
}
