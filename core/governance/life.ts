import type { Trx } from '../context.ts'
import type { ProposalRow } from '../db/tables/governance.ts'
import type { LifeEvent } from '../db/tables/settings.ts'

type Standing = Pick<ProposalRow, 'state' | 'stage'>

const isOver = ({ state }: Standing): boolean => state !== 'pending' && state !== 'active'

/** Whether the proposal is past this step now; a reorg may take one back. */
export const holds: Record<Exclude<LifeEvent, 'new'>, (now: Standing) => boolean> = {
  ending: ({ state, stage }) => state === 'active' && stage === 'ending',
  result: isOver,
  queued: ({ state }) => state === 'queued',
  executed: ({ state }) => state === 'executed',
}

/** Writes down which steps were taken between two looks, at the time of the chain. The first time counts. */
export async function recordSteps(
  trx: Trx,
  params: { proposalId: string; before: Standing; after: Standing; time: bigint },
): Promise<void> {
  const { proposalId, before, after, time } = params
  const steps = (Object.keys(holds) as (keyof typeof holds)[]).filter(
    (step) => holds[step](after) && !holds[step](before),
  )
  if (steps.length === 0) return
  const happened_at = new Date(Number(time) * 1_000)
  await trx
    .insertInto('life_event')
    .values(steps.map((event) => ({ proposal_id: proposalId, event, happened_at })))
    .onConflict((conflict) => conflict.columns(['proposal_id', 'event']).doNothing())
    .execute()
}
