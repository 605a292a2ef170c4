import { settle } from '../relay/lane.ts'
import { noticeVotes } from '../ballots/votes.ts'
import { settleLoose } from '../relay/reconcile.ts'
import { hasUnsettled, settleLane, type Outcomes } from '../relay/settle.ts'
import type { Context } from '../context.ts'
import { actionsSettled } from './action.ts'
import { challengeDutiesSettled } from './challenge-duties.ts'
import { delegationsSettled } from './delegate.ts'
import { enrolmentSettled } from './enrol.ts'
import { defineJob } from '../job.ts'
import { registrationsSettled } from './register.ts'

const soonMs = 1_000

/** What the fate of a transaction means that carries no signed messages, by what it was sent for. */
const outcomes: Outcomes = {
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
  if (ctx.chain.relayer) await settleLane(ctx, outcomes)
  await noticeVotes(ctx)
  for (const kind of ctx.kinds.signed) await settleLoose(ctx, kind)
}
