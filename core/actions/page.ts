import type { Context, Db, Trx } from '../context.ts'
import type { ActionRow, ActionState, ActionStepRow, StepKind } from '../db/tables/actions.ts'
import { UserError } from '../errors.ts'
import { findPerson } from '../identity/person.ts'
import { plainNumbers } from './json.ts'
import { actionId } from './id.ts'

export type ActionPage = {
  title: string
  about: string
  wallet: string
  rows: { label: string; value: string }[]
  steps: { label: string; kind: StepKind; state: ActionState; reason: string | null; tx: string | null }[]
}

/** What the page shows. */
export async function actionPage(ctx: Pick<Context, 'db' | 'now'>, params: { secret: string }): Promise<ActionPage> {
  const { row, steps } = await readAction(ctx, params.secret)
  return {
    title: row.title,
    about: row.about,
    wallet: steps.find(({ state }) => state !== 'done')?.signer ?? row.wallet,
    rows: row.rows as ActionPage['rows'],
    steps: steps.map(({ label, kind, state, reason, tx_hash: tx }) => ({ label, kind, state, reason, tx })),
  }
}

/** What is before the wallet now: text to sign, or a transaction to send. */
export type Asked =
  | { number: number; typedData: unknown }
  | { number: number; transaction: { from: string; to: string; data: string; value: string } }

export async function actionAsked(ctx: Pick<Context, 'db' | 'now'>, params: { secret: string }): Promise<Asked> {
  const { row, steps } = await readAction(ctx, params.secret)
  const step = openStep(steps)
  if (step.kind === 'sign') return { number: step.number, typedData: plainNumbers(step.typed_data) }
  const { number, to, data, value } = step
  return { number, transaction: { from: row.wallet, to, data: data ?? '0x', value: `0x${BigInt(value).toString(16)}` } }
}

/** The first step that is not done, when it is the wallet's turn. */
export function openStep(steps: readonly ActionStepRow[]): ActionStepRow {
  const step = steps.find(({ state }) => state !== 'done')
  if (!step) throw new UserError('All of this is done already.', { code: 'used' })
  if (step.state === 'open') return step
  if (step.state === 'failed')
    throw new UserError(step.reason ?? 'The chain did not take it.', {
      hint: 'Ask for it again in your chat.',
      code: 'refused',
    })
  if (step.state === 'replaced') throw new UserError('You have signed a newer one since.', { code: 'used' })
  throw new UserError('This step is on its way to the chain already.', { code: 'used' })
}

/** By the secret of its page, which is gone after its hour unless something was begun on it. */
export async function readAction(
  ctx: Pick<Context, 'db' | 'now'>,
  secret: string,
): Promise<{ row: ActionRow; steps: ActionStepRow[] }> {
  const found = await actionById(ctx.db, actionId(secret))
  if (!found) throw new UserError('There is no such page.', { hint: '/help', code: 'unknown' })
  const isBegun = found.steps.some(({ state }) => state !== 'open')
  if (!isBegun && found.row.expires_at.getTime() <= ctx.now())
    throw new UserError('This page has expired.', { hint: 'Ask for it again in your chat.', code: 'expired' })
  const { platform, workspace, user_id: user, wallet } = found.row
  const person = await findPerson(ctx, { platform, workspace, user })
  const linked = new Set(person?.wallets.map(({ address }) => address))
  if (![wallet, ...found.steps.map(({ signer }) => signer ?? wallet)].every((address) => linked.has(address)))
    throw new UserError('The wallet of this page is not linked any more to the account that asked for it.', {
      hint: '/link',
      code: 'not-linked',
    })
  return found
}

export async function actionById(
  db: Db | Trx,
  id: string,
): Promise<{ row: ActionRow; steps: ActionStepRow[] } | undefined> {
  const row = await db.selectFrom('action').selectAll().where('id', '=', id).executeTakeFirst()
  if (!row) return undefined
  const steps = await db.selectFrom('action_step').selectAll().where('action_id', '=', id).orderBy('number').execute()
  return { row, steps }
}
