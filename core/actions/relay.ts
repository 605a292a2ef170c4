import { createHash, randomBytes } from 'node:crypto'
import type { Address, Hex } from 'viem'
import { spendBudget } from '../ballots/budget.ts'
import { gasFor } from '../ballots/fees.ts'
import type { Context } from '../context.ts'
import { UserError } from '../errors.ts'
import type { Person } from '../identity/person.ts'
import { privateChannel, type Caller } from '../platform.ts'
import { cleanJson } from '../view.ts'
import { showActionCard } from './card.ts'
import { action } from './open.ts'

/**
 * Has the relayer send what anybody may send, and pay for it; a private message follows it. The caller has tried it on the
 * chain before. It is taken from the budget of who asked.
 */
export async function relayAction(
  ctx: Context,
  params: {
    person: Person
    caller: Caller
    title: string
    about: string
    label: string
    to: Address
    data: Hex
    rows?: Record<string, string>
    next?: readonly { label: string; run: string }[]
  },
): Promise<void> {
  const { person, caller, title, about, label, to, data, rows = {}, next = [] } = params
  const [wallet] = person.wallets
  if (!wallet) throw new UserError('This account is not linked to a wallet yet.', { hint: '/link', code: 'not-linked' })
  // Nobody opens a page for it, so nobody learns the secret.
  const id = createHash('sha256').update(randomBytes(16)).digest('hex')
  const gas = await gasFor(ctx, { to, data })
  await ctx.db.transaction().execute(async (trx) => {
    await trx
      .insertInto('action')
      .values({
        id,
        wallet: wallet.address,
        platform: caller.platform,
        workspace: caller.workspace,
        user_id: caller.user,
        channel: privateChannel(caller).id,
        title,
        about,
        rows: cleanJson(Object.entries(rows).map(([name, value]) => ({ label: name, value }))),
        next: cleanJson(next),
        expires_at: new Date(ctx.now()),
      })
      .execute()
    await trx
      .insertInto('action_step')
      .values({
        action_id: id,
        number: 0,
        kind: 'relay',
        label,
        to,
        data,
        typed_data: null,
        relay: null,
        state: 'accepted',
        reason: null,
        intent_id: null,
        tx_hash: null,
        block_number: null,
      })
      .execute()
    await spendBudget(ctx, trx, { daoId: 'actions', voter: wallet.address, gas, what: 'messages' })
    await showActionCard(ctx, trx, id)
    await ctx.queue.send(trx, action, {}, { key: 'action' })
  })
}
