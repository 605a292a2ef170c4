import { summarizeAgain } from '../chat/hear.ts'
import { sql } from 'kysely'
import type { Context, Trx } from '../context.ts'
import type { AccountRow } from '../db/tables/identity.ts'
import { privateChannel, type Caller } from '../platform.ts'
import { roles } from '../roles/job.ts'
import { lockIdentities, writeAudit } from './join.ts'
import { findPerson } from './person.ts'

export type Erased = { accounts: number; wallets: number }

type Account = Pick<AccountRow, 'platform' | 'workspace' | 'user_id'>

/**
 * Forgets a person: accounts, wallets, links, registrations, drafts, the names at what they said, and where their
 * ballots were shown. Ballots stay without a name: the chain holds them too, and the tally is checked against them.
 */
export async function erase(ctx: Context, { caller }: { caller: Caller }): Promise<Erased> {
  return await ctx.db.transaction().execute(async (trx) => {
    await lockIdentities(trx)
    const person = await findPerson({ db: trx }, caller)
    const accounts = person?.accounts ?? [
      { platform: caller.platform, workspace: caller.workspace, user_id: caller.user },
    ]
    const wallets = person?.wallets.map((wallet) => wallet.address) ?? []
    const proposals = new Set<string>()
    for (const account of accounts) for (const id of await eraseAccount(trx, account)) proposals.add(id)
    for (const proposalId of proposals) await ctx.queue.send(trx, summarizeAgain, { proposalId }, { key: proposalId })
    if (wallets.length > 0) await eraseWallets(trx, wallets)
    // Roles that followed from it are taken back, and then who had them is forgotten too.
    await ctx.queue.send(trx, roles, {}, { key: 'roles' })
    if (person) {
      await trx.deleteFrom('audit').where('person_id', '=', person.id).execute()
      await trx.deleteFrom('person').where('id', '=', person.id).execute()
    }
    const erased = { accounts: person?.accounts.length ?? 0, wallets: wallets.length }
    await writeAudit(trx, { personId: null, event: 'erase', detail: erased })
    return erased
  })
}

/** Answers with the proposals whose summaries name this account. */
async function eraseAccount(trx: Trx, { platform, workspace, user_id }: Account): Promise<string[]> {
  for (const table of ['ticket', 'draft', 'action', 'messaging', 'paper_page'] as const) {
    await trx
      .deleteFrom(table)
      .where('platform', '=', platform)
      .where('workspace', '=', workspace)
      .where('user_id', '=', user_id)
      .execute()
  }
  await trx
    .deleteFrom('inbox')
    .where('platform', '=', platform)
    .where(sql<boolean>`event -> 'call' -> 'caller' @> ${JSON.stringify({ workspace, user: user_id })}::jsonb`)
    .execute()
  for (const table of ['subscription', 'digest', 'role_rule'] as const)
    await trx
      .updateTable(table)
      .set({ created_by: 'someone' })
      .where('platform', '=', platform)
      .where('created_by', '=', privateChannel({ platform, workspace, user: user_id }).id)
      .execute()
  await trx
    .updateTable('channel_audit')
    .set({ workspace: null, user_id: null, name: 'someone' })
    .where('platform', '=', platform)
    .where('workspace', '=', workspace)
    .where('user_id', '=', user_id)
    .execute()
  // By the conversation too, because a wallet may have been unlinked after it voted.
  await forgetConversation(trx, { platform, channel: privateChannel({ platform, workspace, user: user_id }).id })
  const messages = await trx
    .updateTable('message')
    .set({ author: 'someone', author_id: '' })
    .where('platform', '=', platform)
    .where('author_id', '=', user_id)
    .returning('proposal_id')
    .execute()
  return messages.flatMap(({ proposal_id }) => proposal_id ?? [])
}

async function forgetConversation(trx: Trx, where: { platform: string; channel: string }): Promise<void> {
  const ballots = await trx
    .updateTable('ballot')
    .set({ platform: null, channel: null })
    .where('platform', '=', where.platform)
    .where('channel', '=', where.channel)
    .returning('id')
    .execute()
  await forgetCards(trx, ballots)
  for (const table of ['effect', 'channel_setting', 'reminder', 'digest'] as const)
    await trx.deleteFrom(table).where('platform', '=', where.platform).where('channel', '=', where.channel).execute()
}

async function eraseWallets(trx: Trx, wallets: string[]): Promise<void> {
  await trx.deleteFrom('registration').where('controller', 'in', wallets).execute()
  await trx.deleteFrom('mandate').where('wallet', 'in', wallets).execute()
  await trx.deleteFrom('delegate_statement').where('address', 'in', wallets).execute()
  const ballots = await trx
    .updateTable('ballot')
    .set({ platform: null, channel: null })
    .where('voter', 'in', wallets)
    .returning('id')
    .execute()
  await forgetCards(trx, ballots)
}

async function forgetCards(trx: Trx, ballots: { id: string }[]): Promise<void> {
  if (ballots.length === 0) return
  const keys = ballots.map((ballot) => `ballot/${ballot.id}`)
  await trx.deleteFrom('effect').where('key', 'in', keys).execute()
}
