import { settle } from '../relay/lane.ts'
import { noticeVotes } from '../ballots/votes.ts'
import { isUrgent } from '../relay/deadline.ts'
import { settled, settleLoose } from '../relay/reconcile.ts'
import { hasUnsettled, settleLane, type Outcomes, type Settled } from '../relay/settle.ts'
import type { Context } from '../context.ts'
import { signedKinds } from '../signed-kinds.ts'
import { actionsSettled } from './action.ts'
import { challengeDutiesSettled } from './challenge-duties.ts'
import { delegationsSettled } from './delegate.ts'
import { enrolmentSettled } from './enrol.ts'
import { defineJob } from './queue.ts'
import { registrationsSettled } from './register.ts'

const soonMs = 1_000

const carried = Object.fromEntries(
  signedKinds.map((kind) => [kind.purpose, (ctx: Context, fate: Settled) => settled(ctx, kind, fate)]),
) as Pick<Outcomes, 'ballots' | 'approvals' | 'papers'>

/** What the fate of a transaction means, by what it was sent for. */
const outcomes: Outcomes = {
  ...carried,
  register: registrationsSettled,
  delegate: delegationsSettled,
  enrol: enrolmentSettled,
  action: actionsSettled,
  challenge: challengeDutiesSettled,
  noop: () => Promise.resolve(),
}

/** Follows the relayer's transactions as long as one of them is not final. */
export const settleJob = defineJob({
  ...settle,
  retry: { limit: 30, delayMs: 1_000, backoff: true },
  concurrency: 1,
  expireSeconds: 60,
  async run(ctx: Context) {
    await settleAll(ctx)
    if (ctx.chain.relayer && (await hasUnsettled(ctx)))
      await ctx.queue.send(ctx.db, settle, {}, { key: 'settle', afterMs: soonMs })
  },
})

export async function settleAll(ctx: Context): Promise<void> {
  if (ctx.chain.relayer)
    await settleLane(ctx, { outcomes, isUrgent: (_, intent) => isUrgent(ctx, signedKinds, intent) })
  await noticeVotes(ctx)
  for (const kind of signedKinds) await settleLoose(ctx, kind)
}
