import { sql } from 'kysely'
import { z } from 'zod'
import type { Context, Db, Trx } from '../context.ts'
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

/** Summarises a proposal and its discussion anew; run by `core/governance/jobs/summarize.ts`. */
export const summarizeAgain = declareJob('summarize', z.object({ proposalId: z.string() }))

/** The same for decisions of other kinds; run by `core/chat/jobs/summarize-talk.ts`. */
export const summarizeTalk = declareJob('summarize-talk', z.object({ kind: z.string(), id: z.string() }))

/**
 * Keeps what was said about a decision: in the thread of its card, or with its ref in the text; and what is marked for a
 * draft (`draft-12`) where that draft was begun. Other talk is nobody's business and is not kept. Hearing the same message
 * again is an edit. Answers with what it is about.
 */
export async function hear(
  ctx: Pick<Context, 'db' | 'queue' | 'kinds'>,
  said: Said,
): Promise<{ kind: string; id: string } | undefined> {
  const about = (await decisionOfThread(ctx, said)) ?? (await decisionByRef(ctx, said.text))
  const proposalId = about?.kind === 'proposal' ? about.id : undefined
  const decision = about && proposalId === undefined ? `${about.kind}/${about.id}` : undefined
  const draftId = await draftByMark(ctx, said)
  if (about === undefined && draftId === undefined) {
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
      decision: decision ?? null,
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
  await summarizeWith(ctx, { proposal_id: proposalId ?? null, decision: decision ?? null }, settleMs)
  return about
}

/** What was said, or is said no more, changes the summary that it was part of. */
export async function summarizeWith(
  ctx: { queue: Context['queue']; db: Db | Trx },
  { proposal_id, decision }: { proposal_id: string | null; decision: string | null },
  afterMs = 0,
): Promise<void> {
  if (proposal_id !== null)
    await ctx.queue.send(ctx.db, summarizeAgain, { proposalId: proposal_id }, { key: proposal_id, afterMs })
  const [kind, id] = decision?.split('/') ?? []
  if (kind !== undefined && id !== undefined)
    await ctx.queue.send(ctx.db, summarizeTalk, { kind, id }, { key: `${kind}/${id}`, afterMs })
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
    .returning(['proposal_id', 'decision'])
    .executeTakeFirst()
  if (row) await summarizeWith(ctx, row)
}

type About = { kind: string; id: string }

/** The thread's first message is the card of a decision: its key names it. */
async function decisionOfThread(
  ctx: Pick<Context, 'db' | 'kinds'>,
  { platform, channel, thread }: Said,
): Promise<About | undefined> {
  if (thread === undefined) return undefined
  const card = await ctx.db
    .selectFrom('effect')
    .select('key')
    .where('platform', '=', platform)
    .where('channel', '=', channel)
    .where('under', 'is', null)
    .where((eb) => eb.or(ctx.kinds.decisions.map(({ name }) => eb('key', 'like', `${name}/%`))))
    .where(sql<boolean>`${thread} in (effect.ref ->> 'id', effect.ref ->> 'thread')`)
    .executeTakeFirst()
  const [kind, id] = card?.key.split('/') ?? []
  return kind !== undefined && id !== undefined ? { kind, id } : undefined
}

async function decisionByRef(ctx: Pick<Context, 'db' | 'kinds'>, text: string): Promise<About | undefined> {
  const refs = [
    ...new Set(
      text
        .slice(0, textLimit)
        .toLowerCase()
        .match(/\b[a-z][a-z0-9]{1,11}-[a-z]?\d{1,6}\b/g) ?? [],
    ),
  ].slice(0, 10)
  if (refs.length === 0) return undefined
  for (const kind of ctx.kinds.decisions) {
    const id = await kind.byRef(ctx.db, refs)
    if (id !== undefined) return { kind: kind.name, id }
  }
  return undefined
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
