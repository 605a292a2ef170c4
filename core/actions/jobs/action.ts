import { TransactionNotFoundError, TransactionReceiptNotFoundError, type Hex } from 'viem'
import { showActionCard } from '../card.ts'
import { action } from '../job.ts'
import { refusalOf } from '../../chain/refusal.ts'
import { Overtaken, sendIntent } from '../../relay/lane.ts'
import type { IntentKind, Settled } from '../../relay/settled.ts'
import type { Context, Trx } from '../../context.ts'
import type { ActionRow, ActionStepRow } from '../../db/tables/actions.ts'
import { RetryableError } from '../../errors.ts'
import { enrol } from '../../identity/registration.ts'
import { defineJob } from '../../job.ts'

const lookMs = 2_000
/** A wallet may let a transaction wait for a long time; after this the person may send it again. */
const lostMs = 15 * 60_000

type Waiting = ActionStepRow & Pick<ActionRow, 'wallet'>

/** Sends what wallets have signed, and looks for what they have sent themselves. */
export const actionJob = defineJob({
  ...action,
  retry: { limit: 20, delayMs: 2_000, backoff: true },
  concurrency: 1,
  async run(ctx: Context) {
    for (const step of await stepsIn(ctx, 'accepted')) await send(ctx, step)
    const sent = (await stepsIn(ctx, 'sent')).filter(({ kind }) => kind === 'send')
    for (const step of sent) await look(ctx, step)
    if (sent.length > 0) await ctx.queue.send(ctx.db, action, {}, { key: 'action', afterMs: lookMs })
  },
})

const stepsIn = (ctx: Pick<Context, 'db'>, state: 'accepted' | 'sent'): Promise<Waiting[]> =>
  ctx.db
    .selectFrom('action_step')
    .innerJoin('action', 'action.id', 'action_step.action_id')
    .selectAll('action_step')
    .select('action.wallet')
    .where('action_step.state', '=', state)
    .where('action_step.batch', 'is', null)
    .orderBy('action.created_at')
    .limit(100)
    .execute()

async function send(ctx: Context, step: Waiting): Promise<void> {
  if (!ctx.chain.relayer || step.data === null) return
  try {
    await sendIntent(ctx, {
      purpose: 'action',
      to: step.to,
      data: step.data,
      async within(trx, intentId) {
        if (!(await moveStep(ctx, trx, step, { from: 'accepted', state: 'sent', intent_id: intentId })))
          throw new Overtaken()
      },
    })
  } catch (error) {
    if (error instanceof Overtaken) return
    // Between the dry run and now the chain may have changed its mind.
    const reason = refusalOf(error)
    if (reason === undefined) throw error
    await ctx.db.transaction().execute((trx) => moveStep(ctx, trx, step, { from: 'accepted', state: 'failed', reason }))
  }
}

async function look(ctx: Context, step: Waiting): Promise<void> {
  const hash = step.tx_hash as Hex
  const found = await transaction(ctx, hash)
  const change = found ? changeBy(step, found) : lostChange(ctx, step)
  if (change) await ctx.db.transaction().execute((trx) => moveStep(ctx, trx, step, { from: 'sent', ...change }))
}

type Mined = { from: string; to: string | null; input: string; value: bigint; block: bigint; isGood: boolean }
type Change = Partial<Pick<ActionStepRow, 'state' | 'reason' | 'block_number' | 'tx_hash' | 'intent_id'>>

async function transaction(ctx: Context, hash: Hex): Promise<Mined | undefined> {
  try {
    const [sent, receipt] = await Promise.all([
      ctx.chain.client.getTransaction({ hash }),
      ctx.chain.client.getTransactionReceipt({ hash }),
    ])
    const { from, to, input, value } = sent
    return { from, to, input, value, block: receipt.blockNumber, isGood: receipt.status === 'success' }
  } catch (cause) {
    if (cause instanceof TransactionNotFoundError || cause instanceof TransactionReceiptNotFoundError) return undefined
    throw new RetryableError('The chain does not answer.', { cause })
  }
}

/** A hash is only a claim: the transaction must be the one that was asked for. */
function changeBy(step: Waiting, found: Mined): Change {
  const isSame = (one: string | null, other: string): boolean => one?.toLowerCase() === other.toLowerCase()
  const isAsked =
    isSame(found.from, step.wallet) &&
    isSame(found.to, step.to) &&
    isSame(found.input, step.data ?? '0x') &&
    found.value === BigInt(step.value)
  if (!isAsked) return { state: 'open', tx_hash: null, reason: 'That transaction was another one.' }
  if (!found.isGood) return { state: 'failed', reason: 'The contract refused the transaction.' }
  return { state: 'done', block_number: found.block.toString(), reason: null }
}

function lostChange(ctx: Pick<Context, 'now'>, step: Waiting): Change | undefined {
  const since = step.sent_at?.getTime() ?? 0
  return ctx.now() - since < lostMs
    ? undefined
    : { state: 'open', tx_hash: null, reason: 'The chain does not know the transaction that your wallet sent.' }
}

async function moveStep(
  ctx: Pick<Context, 'queue'>,
  trx: Trx,
  step: Pick<ActionStepRow, 'action_id' | 'number'>,
  { from, ...set }: Change & { from: ActionStepRow['state'] },
): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable('action_step')
    .set(set)
    .where('action_id', '=', step.action_id)
    .where('number', '=', step.number)
    .where('state', '=', from)
    .executeTakeFirst()
  if (numUpdatedRows === 0n) return false
  await showActionCard(ctx, trx, step.action_id)
  return true
}

export const actionIntents: IntentKind = {
  purpose: 'action',
  settled: actionsSettled,
}

/** What became of a relayed step, as often as the chain changes its mind. */
async function actionsSettled(ctx: Context, { intent, event, receipt }: Settled): Promise<void> {
  if (event === 'final') return
  const isGood = receipt?.status === 'success'
  const change: Record<Exclude<Settled['event'], 'final'>, Change> = {
    mined: isGood
      ? { state: 'done', tx_hash: receipt.transactionHash, block_number: receipt.blockNumber.toString() }
      : { state: 'failed', reason: 'The contract refused it in the end.' },
    undone: { state: 'sent', block_number: null },
    elsewhere: { state: 'accepted', intent_id: null, block_number: null },
  }
  await ctx.db.transaction().execute(async (trx) => {
    const steps = await trx
      .updateTable('action_step')
      .set(change[event])
      .where('intent_id', '=', intent.id)
      .returning(['action_id', 'to'])
      .execute()
    for (const step of steps) await showActionCard(ctx, trx, step.action_id)
    // Who has a new Auto ID takes seats with it.
    if (steps.some(({ to }) => to === ctx.chain.addresses.autoIds))
      await ctx.queue.send(trx, enrol, {}, { key: 'enrol' })
    if (event === 'elsewhere') await ctx.queue.send(trx, action, {}, { key: 'action' })
  })
}
