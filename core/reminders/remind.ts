import { sql } from 'kysely'
import { getAddress } from 'viem'
import { standingOf } from '../ballots/eligible.ts'
import { showCard } from '../chat/outbox.ts'
import type { Context } from '../context.ts'
import { weightAt } from '../governance/weight.ts'
import { proposalById, type Proposal } from '../governance/proposal.ts'
import type { Person } from '../command.ts'
import { personById } from '../identity/person.ts'
import { privateChannel } from '../platform.ts'
import { reminderKey, reminderView } from './views/reminder.ts'
import { chooseAccount } from './account.ts'
import { chainClock, marksOf, progressOf } from './progress.ts'
import { isAsleep, mayRemind } from './rules.ts'
import { hasVoted } from '../governance/voted.ts'

const weekMs = 7 * 86_400_000
/** A reminder that was put off and comes back has a mark of its own, behind all percents. */
const againMark = 1_000

/** Reminds of one open proposal whoever has weight in it, has not voted, and is to be reminded by now. */
export async function remindOf(ctx: Context, proposalId: string): Promise<void> {
  const proposal = await proposalById(ctx, proposalId)
  const clock = await chainClock(ctx, proposal.dao)
  if (clock === undefined || clock > BigInt(proposal.deadline)) return
  const progress = progressOf(proposal, clock)
  const mark = (await marksOf(ctx, proposal)).findLast((each) => each <= progress)
  if (mark === undefined) return
  for (const { id } of await peopleLeft(ctx, { proposalId, mark })) await remindPerson(ctx, { proposal, mark, id })
}

/** Linked people who were not reminded at this mark yet and of whose votes nothing is known. */
async function peopleLeft(ctx: Context, { proposalId, mark }: { proposalId: string; mark: number }) {
  const { rows } = await sql<{ id: string }>`
    select person.id from person
    left join reminder_snooze snooze on snooze.person_id = person.id and snooze.proposal_id = ${proposalId}
    where exists (select from account where account.person_id = person.id)
      and not exists (
        select from reminder where reminder.person_id = person.id and reminder.proposal_id = ${proposalId}
          and reminder.mark >= case when snooze.until is null then ${mark}::integer else ${againMark}::integer end
      )
      and (snooze.until is null or snooze.until <= ${new Date(ctx.now())})
      and exists (select from wallet where wallet.person_id = person.id)
      and not exists (
        select from wallet join vote on vote.voter = wallet.address
        where wallet.person_id = person.id and vote.proposal_id = ${proposalId} and vote.orphaned_at is null
      )
      and not exists (
        select from wallet join ballot on ballot.voter = wallet.address
        where wallet.person_id = person.id and ballot.proposal_id = ${proposalId} and ballot.state <> 'refused'
      )
    order by person.id`.execute(ctx.db)
  return rows
}

async function remindPerson(
  ctx: Context,
  { proposal, mark, id }: { proposal: Proposal; mark: number; id: string },
): Promise<void> {
  const person = await personById(ctx.db, id)
  const chosen = await chooseAccount(ctx, person)
  if (!chosen || isAsleep(ctx, chosen)) return
  if (!(await mayStillVote(ctx, { proposal, person }))) return
  await ctx.db.transaction().execute(async (trx) => {
    if (!(await mayRemind(ctx, trx, id)) || (await hasVoted(trx, { proposalId: proposal.id, personId: id }))) return
    const { id: channel } = privateChannel({ ...chosen, user: chosen.user_id })
    const ended = await trx
      .deleteFrom('reminder_snooze')
      .where('person_id', '=', id)
      .where('proposal_id', '=', proposal.id)
      .returning('until')
      .executeTakeFirst()
    const row = await trx
      .insertInto('reminder')
      .values({
        proposal_id: proposal.id,
        person_id: id,
        mark: ended ? againMark : mark,
        platform: chosen.platform,
        channel,
        sent_at: new Date(ctx.now()),
      })
      .onConflict((conflict) => conflict.doNothing())
      .returning(['mark', 'proposal_id', 'person_id'])
      .executeTakeFirst()
    if (!row) return
    const view = { ...reminderView({ proposal }), ...(chosen.zone ? { zone: chosen.zone } : {}) }
    await showCard(trx, ctx.queue, { key: reminderKey(row), platform: chosen.platform, channel, view })
  })
}

/** By the contract: a wallet has weight in it, and none has voted. */
async function mayStillVote(
  ctx: Context,
  { proposal, person }: { proposal: Proposal; person: Person },
): Promise<boolean> {
  const weights = await Promise.all(person.wallets.map(({ address }) => snapshotWeight(ctx, { proposal, address })))
  if (weights.every((weight) => weight === 0n)) return false
  const standings = await Promise.all(
    person.wallets.map(({ address }) => standingOf(ctx, { proposal, voter: getAddress(address) })),
  )
  return standings.every(({ state, hasVoted: voted }) => state === 'active' && !voted)
}

/** What a wallet weighed at the snapshot never changes, so the chain is asked once. */
async function snapshotWeight(
  ctx: Context,
  { proposal, address }: { proposal: Proposal; address: string },
): Promise<bigint> {
  const known = ctx.kv('snapshot-weight')
  const key = `${proposal.id}/${proposal.snapshot}/${address}`
  const kept = await known.get<string>(key)
  if (kept !== undefined) return BigInt(kept)
  const weight = await weightAt(ctx, { dao: proposal.dao, account: address, timepoint: BigInt(proposal.snapshot) })
  await known.set(key, weight.toString(), weekMs)
  return weight
}
