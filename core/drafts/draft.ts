import { dropUnmarked } from './tidy.ts'
import { plainLine } from '../markdown.ts'
import type { Context } from '../context.ts'
import type { DraftRow } from '../db/tables/drafts.ts'
import type { DaoRow } from '../db/tables/governance.ts'
import { UserError } from '../errors.ts'
import { findDao } from '../governance/dao.ts'
import type { ProposalCall } from '../governance/types.ts'
import type { Person } from '../command.ts'
import type { Channel } from '../platform.ts'
import { cleanJson } from '../view.ts'

/** A draft with the DAO that it is for. */
export type Draft = Omit<DraftRow, 'calls'> & { dao: DaoRow; calls: ProposalCall[] }

const mostDrafts = 20
const longestTitle = 120
/** What one governor's event and every node can carry with ease. */
const longestText = 30_000
const mostCalls = 20

/** Begins a draft; `from` is the conversation whose marked messages go into it. */
export async function createDraft(
  ctx: Pick<Context, 'db'>,
  params: { person: Person; slug: string; title: string; text: string; from?: Channel | undefined },
): Promise<Draft> {
  const dao = assertGovernor(await findDao(ctx, params.slug))
  const { person, from } = params
  const { count } = await ctx.db
    .selectFrom('proposal_draft')
    .select((eb) => eb.fn.countAll<string>().as('count'))
    .where('person_id', '=', person.id)
    .executeTakeFirstOrThrow()
  if (Number(count) >= mostDrafts)
    throw new UserError(`You have ${count} drafts already, and one person can keep ${mostDrafts}.`, {
      hint: 'Delete one first: /draft-cut <draft> all',
      code: 'limit',
    })
  const about = from && (await discussedIn(ctx, { dao, from }))
  const title = titleOf(params.title || (about ? `After ${about.ref}: ${about.title}` : ''))
  const row = await ctx.db
    .insertInto('proposal_draft')
    .values({
      person_id: person.id,
      dao_id: dao.id,
      title,
      text: textOf(params.text),
      platform: from?.platform ?? null,
      channel: from?.id ?? null,
      about_id: about?.id ?? null,
      text_hash: null,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
  return { ...row, dao, calls: [] }
}

/** A draft of one's own; those of others are not there. */
export async function findDraft(ctx: Pick<Context, 'db'>, params: { person: Person; id: string }): Promise<Draft> {
  const row = await ctx.db
    .selectFrom('proposal_draft')
    .selectAll()
    .where('id', '=', params.id)
    .where('person_id', '=', params.person.id)
    .executeTakeFirst()
  if (!row) throw new UserError(`You have no draft ${params.id}.`, { hint: '/draft', code: 'unknown' })
  const dao = await ctx.db.selectFrom('dao').selectAll().where('id', '=', row.dao_id).executeTakeFirstOrThrow()
  return { ...row, dao, calls: row.calls as ProposalCall[] }
}

export const draftsOf = (
  ctx: Pick<Context, 'db'>,
  person: Person,
): Promise<{ id: string; title: string; dao: string }[]> =>
  ctx.db
    .selectFrom('proposal_draft')
    .innerJoin('dao', 'dao.id', 'proposal_draft.dao_id')
    .select(['proposal_draft.id', 'proposal_draft.title', 'dao.name as dao'])
    .where('person_id', '=', person.id)
    .orderBy('proposal_draft.updated_at', 'desc')
    .orderBy('proposal_draft.id', 'desc')
    .execute()

/** The ref of the proposal that a draft became, once the listener has heard of it. */
export async function openedAs(ctx: Pick<Context, 'db'>, draft: Draft): Promise<string | undefined> {
  if (draft.text_hash === null) return undefined
  const row = await ctx.db
    .selectFrom('proposal')
    .select('ref')
    .where('dao_id', '=', draft.dao_id)
    .where('text_hash', '=', draft.text_hash)
    .where('orphaned_at', 'is', null)
    .executeTakeFirst()
  return row?.ref
}

export async function addText(ctx: Pick<Context, 'db'>, draft: Draft, more: string): Promise<void> {
  await change(ctx, draft, ({ text, calls }) => ({ calls, text: textOf([text, more].filter(Boolean).join('\n\n')) }))
}

export async function addCall(ctx: Pick<Context, 'db'>, draft: Draft, call: ProposalCall): Promise<void> {
  await change(ctx, draft, ({ text, calls }) => {
    if (calls.length < mostCalls) return { text, calls: [...calls, call] }
    throw new UserError(`A proposal from here makes at most ${mostCalls} calls.`, { code: 'limit' })
  })
}

/** Takes away the last call, or the text, or the whole draft. */
export async function cutDraft(ctx: Pick<Context, 'db'>, draft: Draft, what: 'call' | 'text' | 'all'): Promise<void> {
  if (what === 'text') return await change(ctx, draft, ({ calls }) => ({ calls, text: '' }))
  if (what === 'call') return await change(ctx, draft, ({ text, calls }) => ({ text, calls: calls.slice(0, -1) }))
  await ctx.db.deleteFrom('proposal_draft').where('id', '=', draft.id).execute()
  await dropUnmarked(ctx)
}

type Content = { text: string; calls: ProposalCall[] }

/** Two changes at once come one after the other, so that neither is lost. */
async function change(ctx: Pick<Context, 'db'>, draft: Draft, edit: (now: Content) => Content): Promise<void> {
  const ref = await openedAs(ctx, draft)
  if (ref !== undefined)
    throw new UserError(`Draft ${draft.id} is on the chain already and cannot be changed there.`, {
      hint: `/proposal ${ref}`,
      code: 'used',
    })
  await ctx.db.transaction().execute(async (trx) => {
    const now = await trx
      .selectFrom('proposal_draft')
      .select(['text', 'calls'])
      .where('id', '=', draft.id)
      .forUpdate()
      .executeTakeFirstOrThrow()
    const { text, calls } = edit({ text: now.text, calls: now.calls as ProposalCall[] })
    await trx
      .updateTable('proposal_draft')
      .set({ text, calls: cleanJson(calls), updated_at: new Date() })
      .where('id', '=', draft.id)
      .execute()
  })
}

/** The newest proposal of the DAO that people talked about here. */
async function discussedIn(
  ctx: Pick<Context, 'db'>,
  { dao, from }: { dao: DaoRow; from: Channel },
): Promise<{ id: string; ref: string; title: string } | undefined> {
  return await ctx.db
    .selectFrom('proposal')
    .innerJoin('message', 'message.proposal_id', 'proposal.id')
    .select(['proposal.id', 'proposal.ref', 'proposal.title'])
    .where('proposal.dao_id', '=', dao.id)
    .where('proposal.orphaned_at', 'is', null)
    .where('message.platform', '=', from.platform)
    .where('message.channel', '=', from.id)
    .orderBy('message.at', 'desc')
    .executeTakeFirst()
}

function assertGovernor(dao: DaoRow): DaoRow {
  if (dao.kind !== 'nomic' && dao.kind !== 'global') return dao
  throw new UserError(`${dao.name} has no governor, so nothing can be proposed to it in this way.`, {
    hint: dao.kind === 'nomic' ? '/nomic' : '/help',
    code: 'no-governor',
  })
}

function titleOf(words: string): string {
  const title = plainLine(words)
  if (!title) throw new UserError('A proposal needs a title.', { hint: '/propose <dao> <title> [text]', code: 'usage' })
  if (title.length <= longestTitle) return title
  throw new UserError(`The title has ${title.length} characters; ${longestTitle} is the most.`, {
    hint: 'Say the rest in the text.',
    code: 'limit',
  })
}

function textOf(words: string): string {
  const text = words.toWellFormed().replaceAll('\0', '').trim()
  if (text.length <= longestText) return text
  throw new UserError(`The text would have ${text.length} characters; ${longestText} is the most.`, {
    hint: 'Put the long part on a page of its own, and name it in the text.',
    code: 'limit',
  })
}
