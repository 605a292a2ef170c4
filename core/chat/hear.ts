import { sql } from 'kysely'
import { z } from 'zod'
import type { Context } from '../context.ts'
import { declareJob } from '../job.ts'

/** One thing a person said where AutoCo may listen. `thread` is the platform's id of the thread it was said in. */
export type Said = {
  platform: string
  channel: string
  id: string
  thread?: string | undefined
  author: string
  authorId: string
  text: string
  /** Unix milliseconds. */
  at: number
  url?: string | undefined
}

/** A summary never needs more of one message, and one person must not fill the table. */
const textLimit = 8_000
/** A lively discussion is summarised again once in a while, not at every word. */
const settleMs = 8_000

/** Summarises a proposal and its discussion anew; run by `core/jobs/summarize.ts`. */
export const summarizeAgain = declareJob('summarize', z.object({ proposalId: z.string() }))

/**
 * Keeps what was said about a proposal: in the thread of its card, or with its ref in the text; and what is marked for a
 * draft (`draft-12`) where that draft was begun. Other talk is nobody's business and is not kept. Hearing the same message
 * again is an edit. Answers with the proposal it is about.
 */
export async function hear(
  ctx: Pick<Context, 'db' | 'queue'>,
  said: Said,
): Promise<{ proposalId: string } | undefined> {
  const proposalId = (await proposalOfThread(ctx, said)) ?? (await proposalByRef(ctx, said.text))
  const draftId = await draftByMark(ctx, said)
  if (proposalId === undefined && draftId === undefined) {
    // An edit may have taken the ref out of something that was kept.
    await forget(ctx, said)
    return undefined
  }
  const text = said.text.slice(0, textLimit).toWellFormed().replaceAll('\0', '')
  await ctx.db
    .insertInto('message')
    .values({
      platform: said.platform,
      channel: said.channel,
      id: said.id,
      proposal_id: proposalId ?? null,
      draft_id: draftId ?? null,
      author: said.author.slice(0, 80),
      author_id: said.authorId,
      text,
      url: said.url ?? null,
      at: new Date(said.at),
    })
    .onConflict((conflict) =>
      conflict
        .columns(['platform', 'channel', 'id'])
        .doUpdateSet({ text, draft_id: draftId ?? null, edited_at: new Date(said.at) })
        // An older edit that comes late is no news.
        .where((eb) => eb(eb.fn.coalesce('message.edited_at', 'message.at'), '<=', new Date(said.at))),
    )
    .execute()
  if (proposalId === undefined) return undefined
  await ctx.queue.send(ctx.db, summarizeAgain, { proposalId }, { key: proposalId, afterMs: settleMs })
  return { proposalId }
}

/** What a person deletes on the platform is deleted here, and leaves the summary too. */
export async function forget(
  ctx: Pick<Context, 'db' | 'queue'>,
  message: Pick<Said, 'platform' | 'channel' | 'id'>,
): Promise<void> {
  const row = await ctx.db
    .deleteFrom('message')
    .where('platform', '=', message.platform)
    .where('channel', '=', message.channel)
    .where('id', '=', message.id)
    .returning('proposal_id')
    .executeTakeFirst()
  const proposalId = row?.proposal_id
  if (proposalId) await ctx.queue.send(ctx.db, summarizeAgain, { proposalId }, { key: proposalId })
}

/** The thread's first message is a proposal's card: its key names the proposal. */
async function proposalOfThread(
  ctx: Pick<Context, 'db'>,
  { platform, channel, thread }: Said,
): Promise<string | undefined> {
  if (thread === undefined) return undefined
  const card = await ctx.db
    .selectFrom('effect')
    .select('key')
    .where('platform', '=', platform)
    .where('channel', '=', channel)
    .where('key', 'like', 'proposal/%')
    .where(sql<boolean>`${thread} in (effect.ref ->> 'id', effect.ref ->> 'thread')`)
    .executeTakeFirst()
  return card?.key.split('/')[1]
}

async function proposalByRef(ctx: Pick<Context, 'db'>, text: string): Promise<string | undefined> {
  const refs = [
    ...new Set(
      text
        .slice(0, textLimit)
        .toLowerCase()
        .match(/\b[a-z][a-z0-9]{1,11}-\d{1,6}\b/g) ?? [],
    ),
  ].slice(0, 10)
  if (refs.length === 0) return undefined
  const row = await ctx.db
    .selectFrom('proposal')
    .select('id')
    .where('ref', 'in', refs)
    .where('orphaned_at', 'is', null)
    .executeTakeFirst()
  return row?.id
}

/** `draft-12` marks a message for that draft, in the conversation where it was begun and nowhere else. */
async function draftByMark(ctx: Pick<Context, 'db'>, { platform, channel, text }: Said): Promise<string | undefined> {
  const [, id] = /\bdraft-(\d{1,9})\b/i.exec(text.slice(0, textLimit)) ?? []
  if (id === undefined) return undefined
  const row = await ctx.db
    .selectFrom('proposal_draft')
    .select('id')
    .where('id', '=', id)
    .where('platform', '=', platform)
    .where('channel', '=', channel)
    .executeTakeFirst()
  return row?.id
}
