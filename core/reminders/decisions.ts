import { showCard } from '../chat/outbox.ts'
import type { AnyDecisionKind, Remindable } from '../chat/decision.ts'
import type { Context } from '../context.ts'
import { personById } from '../identity/person.ts'
import { privateChannel } from '../platform.ts'
import { decisionReminderView } from './views/reminder.ts'
import { chooseAccount } from './account.ts'
import { chainClock, marksOf } from './progress.ts'
import { isAsleep, mayRemind } from './rules.ts'

const askAgainMs = 3_600_000

/** Reminds of what takes votes by the clock, of every kind that says so. */
export async function remindOfDecisions(ctx: Context, kind: AnyDecisionKind): Promise<void> {
  if (!kind.reminders) return
  await endReminders(ctx, kind)
  const clock = await chainClock(ctx, { chain_id: ctx.chain.id, clock: 'timestamp' })
  if (clock === undefined) return
  for (const due of await kind.reminders.due(ctx)) await remindOf(ctx, kind, due, Number(clock))
}

async function remindOf(ctx: Context, kind: AnyDecisionKind, due: Remindable, clock: number): Promise<void> {
  if (clock > due.endsAt) return
  const progress = ((clock - due.opensAt) * 100) / Math.max(1, due.endsAt - due.opensAt)
  const mark = (await marksOf(ctx, { dao_id: due.dao.id })).findLast((each) => each <= progress)
  if (mark === undefined) return
  const people = await ctx.db
    .selectFrom('person')
    .select('person.id')
    .where((eb) => eb.exists(eb.selectFrom('wallet').select('address').whereRef('wallet.person_id', '=', 'person.id')))
    .where((eb) =>
      eb.exists(eb.selectFrom('account').select('user_id').whereRef('account.person_id', '=', 'person.id')),
    )
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('decision_reminder')
            .select('mark')
            .whereRef('decision_reminder.person_id', '=', 'person.id')
            .where('decision_reminder.kind', '=', kind.name)
            .where('decision_reminder.decision_id', '=', due.id)
            .where('decision_reminder.mark', '>=', mark),
        ),
      ),
    )
    .orderBy('person.id')
    .execute()
  for (const { id } of people) await remindPerson(ctx, { kind, due, mark, id })
}

async function remindPerson(
  ctx: Context,
  { kind, due, mark, id }: { kind: AnyDecisionKind; due: Remindable; mark: number; id: string },
): Promise<void> {
  const person = await personById(ctx.db, id)
  if ((await kind.answered(ctx, person, [due.id])).has(due.id)) return
  const chosen = await chooseAccount(ctx, person)
  if (!chosen || isAsleep(ctx, chosen)) return
  // Most people have no weight in most votes, and the chain need not be asked about each of them at every tick.
  const [asked, key] = [ctx.kv('no-reminder'), `${kind.name}/${due.id}/${mark}/${id}`]
  if ((await asked.get<boolean>(key)) === true) return
  if (!(await kind.reminders?.mayStillVote(ctx, person, due.id))) {
    await asked.set(key, true, askAgainMs)
    return
  }
  await ctx.db.transaction().execute(async (trx) => {
    if (!(await mayRemind(ctx, trx, id))) return
    const { id: channel } = privateChannel({ ...chosen, user: chosen.user_id })
    const row = await trx
      .insertInto('decision_reminder')
      .values({
        kind: kind.name,
        decision_id: due.id,
        person_id: id,
        mark,
        platform: chosen.platform,
        channel,
        sent_at: new Date(ctx.now()),
      })
      .onConflict((conflict) => conflict.doNothing())
      .returning(['kind', 'decision_id', 'person_id', 'mark'])
      .executeTakeFirst()
    if (!row) return
    const view = { ...decisionReminderView(due), ...(chosen.zone ? { zone: chosen.zone } : {}) }
    await showCard(trx, ctx.queue, { key: keyOf(row), platform: chosen.platform, channel, view })
  })
}

const keyOf = (row: { kind: string; decision_id: string; person_id: string; mark: number }): string =>
  `decision-reminder/${row.kind}/${row.decision_id}/${row.person_id}/${row.mark}`

/** Reminders that are of no use any more say so: the person voted, or the vote is over. */
async function endReminders(ctx: Context, kind: AnyDecisionKind): Promise<void> {
  const rows = await ctx.db
    .selectFrom('decision_reminder')
    .selectAll()
    .where('kind', '=', kind.name)
    .where('ended', 'is', null)
    .execute()
  if (rows.length === 0) return
  const due = new Map((await kind.reminders?.due(ctx))?.map((each) => [each.id, each]))
  for (const row of rows) {
    const person = await personById(ctx.db, row.person_id)
    const voted = (await kind.answered(ctx, person, [row.decision_id])).has(row.decision_id)
    const known = due.get(row.decision_id)
    if (!voted && known) continue
    const ended = voted ? 'voted' : 'over'
    await ctx.db.transaction().execute(async (trx) => {
      const changed = await trx
        .updateTable('decision_reminder')
        .set({ ended })
        .where((eb) =>
          eb.and({ kind: row.kind, decision_id: row.decision_id, person_id: row.person_id, mark: row.mark }),
        )
        .where('ended', 'is', null)
        .returning('mark')
        .executeTakeFirst()
      const text = changed && (await kind.text?.(ctx, row.decision_id))
      if (!changed) return
      await showCard(trx, ctx.queue, {
        key: keyOf(row),
        platform: row.platform,
        channel: row.channel,
        view: decisionReminderView({ title: known?.title ?? text?.title ?? '', ended }),
      })
    })
  }
}
