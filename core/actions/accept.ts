import {
  encodeFunctionData,
  hashTypedData,
  parseAbi,
  parseSignature,
  type Address,
  type Hex,
  type TypedDataDefinition,
} from 'viem'
import { z } from 'zod'
import type { Context, Trx } from '../context.ts'
import type { ActionRow, ActionStepRow } from '../db/tables/actions.ts'
import { RetryableError, UserError } from '../errors.ts'
import { proveSignature } from '../identity/signature.ts'
import { spendBudget } from '../relay/budget.ts'
import { gasFor, relayerOf } from '../relay/fees.ts'
import { showActionCard } from './card.ts'
import { withNumbers } from './json.ts'
import { action } from './job.ts'
import { openStep, readAction } from './page.ts'
import { refusalOf } from '../chain/refusal.ts'

const signatureSchema = z
  .string()
  .max(32_770)
  .regex(/^0x([0-9a-fA-F]{2})+$/)
const relaySchema = z.object({ abi: z.string(), args: z.array(z.unknown()) })
const hashSchema = z.string().regex(/^0x[0-9a-fA-F]{64}$/)

type On = { secret: string; number: number }

/** Takes what is signed in a step that is sent together with others of its kind: checks it, stores it. */
export type BatchedStep = {
  batch: NonNullable<ActionStepRow['batch']>
  accept(ctx: Context, signed: { row: ActionRow; step: ActionStepRow; signature: Hex }): Promise<void>
}

declare module '../context.ts' {
  interface Kinds {
    batchedSteps: readonly BatchedStep[]
  }
}

/** Takes a signature: the contract's own dry run is the judge, then it is stored, and only then acknowledged. */
export async function acceptSigned(ctx: Context, params: On & { signature: string }): Promise<{ state: 'accepted' }> {
  const { row, steps } = await readAction(ctx, params.secret)
  const step = stepNow(steps, params.number, 'sign')
  const signature = signatureSchema.safeParse(params.signature)
  if (!signature.success) throw new UserError('This is not a signature.', { code: 'signature' })
  if (step.batch !== null) {
    const kind = ctx.kinds.batchedSteps.find(({ batch }) => batch === step.batch)
    if (!kind) throw new Error(`Nothing takes steps of the batch ${step.batch}.`)
    await kind.accept(ctx, { row, step, signature: signature.data as Hex })
    return { state: 'accepted' }
  }
  if (step.relay === null) return await keepSignature(ctx, row, step, signature.data)
  const data = callWith(step, signature.data as Hex, steps)
  await dryRun(ctx, { to: step.to as Address, data, from: relayerOf(ctx).address })
  const gas = await gasFor(ctx, { to: step.to, data })
  await ctx.db.transaction().execute(async (trx) => {
    if (!(await move(trx, step, { state: 'accepted', data, reason: null }))) return
    await spendBudget(ctx, trx, { daoId: 'actions', voter: row.wallet, gas, what: 'messages' })
    await showActionCard(ctx, trx, row.id)
    await ctx.queue.send(trx, action, {}, { key: 'action' })
  })
  return { state: 'accepted' }
}

/** Takes the hash of what the wallet has sent itself; the chain says whether it is what was asked. */
export async function acceptSent(ctx: Context, params: On & { hash: string }): Promise<{ state: 'sent' }> {
  const { row, steps } = await readAction(ctx, params.secret)
  const step = stepNow(steps, params.number, 'send')
  const hash = hashSchema.safeParse(params.hash)
  if (!hash.success) throw new UserError('This is not the hash of a transaction.', { code: 'hash' })
  await ctx.db.transaction().execute(async (trx) => {
    const sent = { state: 'sent' as const, tx_hash: hash.data, sent_at: new Date(ctx.now()), reason: null }
    if (await move(trx, step, sent)) await showActionCard(ctx, trx, row.id)
    await ctx.queue.send(trx, action, {}, { key: 'action', afterMs: 1_000 })
  })
  return { state: 'sent' }
}

/** No contract judges a signature that only a later step sends, so it is checked here. */
async function keepSignature(
  ctx: Context,
  row: ActionRow,
  step: ActionStepRow,
  signature: string,
): Promise<{ state: 'accepted' }> {
  const hash = hashTypedData(withNumbers(step.typed_data) as TypedDataDefinition)
  const proof = await proveSignature(ctx, { address: (step.signer ?? row.wallet) as Address, hash, signature })
  await ctx.db.transaction().execute(async (trx) => {
    if (await move(trx, step, { state: 'done', data: proof.signature, reason: null }))
      await showActionCard(ctx, trx, row.id)
  })
  return { state: 'accepted' }
}

function stepNow(steps: readonly ActionStepRow[], number: number, kind: ActionStepRow['kind']): ActionStepRow {
  const step = openStep(steps)
  if (step.number === number && step.kind === kind) return step
  throw new UserError('The page is not at this step any more.', { hint: 'Load it again.', code: 'step' })
}

/** False when somebody was faster. */
async function move(
  trx: Trx,
  step: ActionStepRow,
  set: Partial<Pick<ActionStepRow, 'state' | 'data' | 'tx_hash' | 'sent_at' | 'reason'>>,
): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable('action_step')
    .set(set)
    .where('action_id', '=', step.action_id)
    .where('number', '=', step.number)
    .where('state', '=', 'open')
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

function callWith(step: ActionStepRow, signature: Hex, steps: readonly ActionStepRow[]): Hex {
  const { abi, args } = relaySchema.parse(withNumbers(step.relay))
  const kept = steps.filter(({ relay, kind }) => kind === 'sign' && relay === null)
  const places: Record<string, Hex | number> = {
    ...placesOf(signature),
    ...Object.fromEntries(kept.map(({ number, data }) => [`$signature${number}`, data as Hex])),
  }
  return encodeFunctionData({
    abi: parseAbi([abi]),
    args: args.map((each) => (typeof each === 'string' ? (places[each] ?? each) : each)),
  } as never)
}

/** The signature as a whole, or in the parts that older functions take; those a contract wallet's signature does not have. */
function placesOf(signature: Hex): Record<string, Hex | number> {
  if (signature.length !== 132) return { $signature: signature }
  const { r, s, yParity } = parseSignature(signature)
  return { $signature: signature, $r: r, $s: s, $v: 27 + yParity }
}

async function dryRun(ctx: Context, call: { to: Address; data: Hex; from: Address }): Promise<void> {
  const { to, data, from } = call
  try {
    await ctx.chain.client.call({ account: from, to, data })
  } catch (cause) {
    const words = refusalOf(cause)
    if (words === undefined) throw new RetryableError('The chain does not answer.', { cause })
    throw new UserError(words, { hint: 'Ask for it again in your chat.', code: 'refused', cause })
  }
}
