import type { Context, Trx } from '../context.ts'
import type { ActionStepRow } from '../db/tables/actions.ts'
import { showActionCard } from './card.ts'

type Signed = {
  action_id: string | null
  step: number | null
  state: string
  reason_code: string | null
  intent_id: string | null
  block_number: string | null
  tx_hash: string | null
}

/** The page and the private message follow a message that was signed in a step of them. */
export async function showSignedStep(
  ctx: Pick<Context, 'queue'>,
  trx: Trx,
  row: Signed,
  { words, delayed }: { words: (code: string) => string; delayed: boolean },
): Promise<void> {
  const { action_id, step } = row
  if (action_id === null || step === null) return
  await trx
    .updateTable('action_step')
    .set(stepOf(row, words))
    .where('action_id', '=', action_id)
    .where('number', '=', step)
    .execute()
  await showActionCard(ctx, trx, action_id, { delayed })
}

type StepState = Pick<ActionStepRow, 'state' | 'reason' | 'intent_id' | 'block_number' | 'tx_hash'>

function stepOf(
  { state, reason_code, intent_id, block_number, tx_hash }: Signed,
  words: (code: string) => string,
): StepState {
  const none = { reason: null, intent_id, block_number: null, tx_hash: null }
  switch (state) {
    case 'accepted':
      return { ...none, state: 'accepted' }
    case 'batched':
      return { ...none, state: 'sent' }
    case 'counted':
    case 'final':
      return { ...none, state: 'done', block_number, tx_hash }
    case 'refused':
      return { ...none, state: 'failed', reason: words(reason_code ?? 'unknown') }
    default:
      return { ...none, state: 'replaced' }
  }
}
