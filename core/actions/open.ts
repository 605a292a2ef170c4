import { randomBytes } from 'node:crypto'
import { getAddress, type Address, type Hex } from 'viem'
import { spendBudget } from '../relay/budget.ts'
import { gasFor } from '../relay/fees.ts'
import type { Context, Trx } from '../context.ts'
import type { ActionStepRow } from '../db/tables/actions.ts'
import { UserError } from '../errors.ts'
import type { Person } from '../command.ts'
import { pageUrl } from '../origin.ts'
import { privateChannel, type Caller } from '../platform.ts'
import { cleanJson } from '../view.ts'
import { showActionCard } from './card.ts'
import { actionId } from './id.ts'
import { action } from './job.ts'
import { toJson } from './json.ts'
import { refusalOf } from '../chain/refusal.ts'

/** What a wallet signs (EIP-712); whole numbers may be bigints. */
export type ActionTypedData = {
  domain: { name: string; version?: string; chainId: number; verifyingContract: Address }
  types: Record<string, readonly { name: string; type: string }[]>
  primaryType: string
  message: Record<string, unknown>
}

/** One thing that the wallet does. `label` says in words what it comes to, such as “Let the chief take 100 NOMIC”. */
export type Step =
  | { kind: 'send'; label: string; to: Address; data: Hex; value?: bigint }
  | {
      kind: 'sign'
      label: string
      typedData: ActionTypedData
      /** Another wallet of the same person, where two have to agree. */
      signer?: Address
      /**
       * Sent by the relayer: one function in human-readable form; among the arguments stand `$signature`, or `$v`, `$r` and
       * `$s`, and `$signature0` for that of the first step. A signature without it is kept for a later step.
       */
      relay?: { to: Address; abi: string; args: readonly unknown[] }
      /** A ballot that is sent together with others of its kind; `relay.args` say what it is. */
      batch?: 'approvals' | 'papers'
    }

const pageMinutes = 60

type ActionParams = {
  person: Person
  caller: Caller
  /** One of the person's wallets. */
  wallet: string
  title: string
  about: string
  rows?: Record<string, string>
  next?: readonly { label: string; run: string }[]
}

/**
 * A page on which one of the person's wallets does what was asked for in chat, step by step: signs, and AutoCo sends and
 * pays; or sends by itself. The conversation follows it, and offers `next` when it is done.
 */
export async function openAction(
  ctx: Pick<Context, 'db' | 'config' | 'now'>,
  params: ActionParams & { steps: readonly Step[] },
): Promise<{ url: string; expiresAt: number }> {
  const signers = params.steps.map((step) =>
    step.kind === 'sign' && step.signer ? walletOf(params.person, step.signer) : null,
  )
  const secret = randomBytes(16).toString('base64url')
  const expiresAt = Math.floor(ctx.now() / 1000) + pageMinutes * 60
  const rows = params.steps.map((step, number) => ({
    kind: step.kind,
    label: step.label,
    signer: signers[number] ?? null,
    to: step.kind === 'send' ? step.to : (step.relay?.to ?? step.typedData.domain.verifyingContract),
    data: step.kind === 'send' ? step.data : null,
    value: step.kind === 'send' ? (step.value ?? 0n).toString() : '0',
    typed_data: step.kind === 'sign' ? toJson(step.typedData) : null,
    relay: step.kind === 'sign' && step.relay ? toJson({ abi: step.relay.abi, args: step.relay.args }) : null,
    batch: step.kind === 'sign' ? (step.batch ?? null) : null,
    state: 'open' as const,
  }))
  await ctx.db.transaction().execute((trx) => addAction(trx, { ...params, secret, expiresAt, steps: rows }))
  return { url: pageUrl(ctx.config, `/a/${secret}`), expiresAt }
}

/** What needs nobody's signature, because anybody may do it: the relayer sends it, and the conversation follows it. */
export async function relayAction(
  ctx: Context,
  params: ActionParams & { label: string; to: Address; data: Hex },
): Promise<void> {
  const { label, to, data } = params
  const gas = await estimate(ctx, { to, data })
  const secret = randomBytes(16).toString('base64url')
  const expiresAt = Math.floor(ctx.now() / 1000) + pageMinutes * 60
  const step = {
    kind: 'relay' as const,
    label,
    to,
    data,
    signer: null,
    value: '0',
    typed_data: null,
    relay: null,
    state: 'accepted' as const,
  }
  await ctx.db.transaction().execute(async (trx) => {
    await spendBudget(ctx, trx, {
      daoId: 'actions',
      voter: walletOf(params.person, params.wallet),
      gas,
      what: 'messages',
    })
    await addAction(trx, { ...params, secret, expiresAt, steps: [step] })
    await showActionCard(ctx, trx, actionId(secret))
    await ctx.queue.send(trx, action, {}, { key: 'action' })
  })
}

async function estimate(ctx: Context, call: { to: Address; data: Hex }): Promise<bigint> {
  try {
    return await gasFor(ctx, call)
  } catch (cause) {
    const words = refusalOf(cause)
    if (words === undefined) throw cause
    throw new UserError(words, { code: 'refused', cause })
  }
}

type NewStep = Pick<ActionStepRow, 'kind' | 'label' | 'signer' | 'to' | 'data' | 'value' | 'state'> & {
  typed_data: string | null
  relay: string | null
  batch?: ActionStepRow['batch']
}

async function addAction(
  trx: Trx,
  params: ActionParams & { secret: string; expiresAt: number; steps: readonly NewStep[] },
): Promise<void> {
  const { person, caller, title, about, rows = {}, next = [], steps } = params
  const id = actionId(params.secret)
  await trx
    .insertInto('action')
    .values({
      id,
      wallet: walletOf(person, params.wallet),
      platform: caller.platform,
      workspace: caller.workspace,
      user_id: caller.user,
      channel: privateChannel(caller).id,
      title,
      about,
      rows: cleanJson(Object.entries(rows).map(([label, value]) => ({ label, value }))),
      next: cleanJson(next),
      expires_at: new Date(params.expiresAt * 1000),
    })
    .execute()
  const nothing = { reason: null, intent_id: null, tx_hash: null, block_number: null }
  await trx
    .insertInto('action_step')
    .values(steps.map((step, number) => ({ ...step, ...nothing, action_id: id, number })))
    .execute()
}

function walletOf(person: Person, address: string): Address {
  const wanted = person.wallets.find((wallet) => wallet.address.toLowerCase() === address.toLowerCase())
  if (wanted) return getAddress(wanted.address)
  throw new UserError('This wallet is not linked to your account.', { hint: '/link', code: 'not-linked' })
}
