import { createHash, randomBytes } from 'node:crypto'
import { getAddress, type Address, type Hex } from 'viem'
import { z } from 'zod'
import type { Context } from '../context.ts'
import { UserError } from '../errors.ts'
import type { Person } from '../identity/person.ts'
import { declareJob } from '../jobs/queue.ts'
import { pageUrl } from '../origin.ts'
import { privateChannel, type Caller } from '../platform.ts'
import { cleanJson } from '../view.ts'
import { toJson } from './json.ts'

/** Sends what is signed, and follows what is sent; `core/jobs/action.ts` runs it. */
export const action = declareJob('action', z.object({}))

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
      /** Sent by the relayer: one function in human-readable form; among the arguments stand `$signature`, or `$v`, `$r` and `$s`. */
      relay: { to: Address; abi: string; args: readonly unknown[] }
      /** A ballot that is sent together with others of its kind; `relay.args` say what it is. */
      batch?: 'approvals'
    }

const pageMinutes = 60

/**
 * A page on which one of the person's wallets does what was asked for in chat, step by step: signs, and AutoCo sends and
 * pays; or sends by itself. The conversation follows it, and offers `next` when it is done.
 */
export async function openAction(
  ctx: Pick<Context, 'db' | 'config' | 'now'>,
  params: {
    person: Person
    caller: Caller
    /** One of the person's wallets. */
    wallet: string
    title: string
    about: string
    rows?: Record<string, string>
    steps: readonly Step[]
    next?: readonly { label: string; run: string }[]
  },
): Promise<{ url: string; expiresAt: number }> {
  const { person, caller, title, about, rows = {}, steps, next = [] } = params
  const wallet = walletOf(person, params.wallet)
  const secret = randomBytes(16).toString('base64url')
  const id = actionId(secret)
  const expiresAt = Math.floor(ctx.now() / 1000) + pageMinutes * 60
  await ctx.db.transaction().execute(async (trx) => {
    await trx
      .insertInto('action')
      .values({
        id,
        wallet,
        platform: caller.platform,
        workspace: caller.workspace,
        user_id: caller.user,
        channel: privateChannel(caller).id,
        title,
        about,
        rows: cleanJson(Object.entries(rows).map(([label, value]) => ({ label, value }))),
        next: cleanJson(next),
        expires_at: new Date(expiresAt * 1000),
      })
      .execute()
    await trx
      .insertInto('action_step')
      .values(
        steps.map((step, number) => ({
          action_id: id,
          number,
          kind: step.kind,
          label: step.label,
          to: step.kind === 'send' ? step.to : step.relay.to,
          data: step.kind === 'send' ? step.data : null,
          value: step.kind === 'send' ? (step.value ?? 0n).toString() : '0',
          typed_data: step.kind === 'sign' ? toJson(step.typedData) : null,
          relay: step.kind === 'sign' ? toJson({ abi: step.relay.abi, args: step.relay.args }) : null,
          batch: step.kind === 'sign' ? (step.batch ?? null) : null,
          reason: null,
          intent_id: null,
          tx_hash: null,
          block_number: null,
        })),
      )
      .execute()
  })
  return { url: pageUrl(ctx.config, `/a/${secret}`), expiresAt }
}

export const actionId = (secret: string): string => createHash('sha256').update(secret).digest('hex')

function walletOf(person: Person, address: string): Address {
  const wanted = person.wallets.find((wallet) => wallet.address.toLowerCase() === address.toLowerCase())
  if (wanted) return getAddress(wanted.address)
  throw new UserError('This wallet is not linked to your account.', { hint: '/link', code: 'not-linked' })
}
