import { sql } from 'kysely'
import type { Context, Db } from '../context.ts'
import { summaryPrompts } from './draft.ts'
import { isStopgap, summarize, textHash, withFacts } from './summarize.ts'
import type { Summary, SummaryInput } from './types.ts'

type Needs = Pick<Context, 'db' | 'ai' | 'log' | 'now'>

const running = new WeakMap<Db, Map<string, Promise<unknown>>>()

/**
 * The summary of a subject (say `proposal/17`). The same text, prompts and model cost nothing a second time; callers
 * that come at once wait for one another, so the second finds what the first has written.
 */
export async function cachedSummary(ctx: Needs, subject: string, input: SummaryInput): Promise<Summary> {
  const flights = running.get(ctx.db) ?? new Map<string, Promise<unknown>>()
  running.set(ctx.db, flights)
  const before = flights.get(subject) ?? Promise.resolve()
  const flight = before.then(async () => findSummary(ctx, subject, input))
  const settled = flight.catch(() => undefined)
  flights.set(subject, settled)
  try {
    return await flight
  } finally {
    if (flights.get(subject) === settled) flights.delete(subject)
  }
}

async function findSummary(ctx: Needs, subject: string, input: SummaryInput): Promise<Summary> {
  const hash = textHash(input)
  const maker = ctx.ai ? { prompt_hash: summaryPrompts().hash, model: ctx.ai.name } : { prompt_hash: '', model: '' }
  const known = await ctx.db
    .selectFrom('summary')
    .select('summary')
    .where('subject', '=', subject)
    .where('text_hash', '=', hash)
    .where('prompt_hash', '=', maker.prompt_hash)
    .where('model', '=', maker.model)
    .executeTakeFirst()
  if (known) return withFacts(known.summary as Summary, input.facts)
  const summary = await summarize(ctx, input)
  const made = isStopgap(summary) ? { prompt_hash: '', model: '' } : maker
  const row = { ...made, text_hash: hash, summary: JSON.stringify(summary) }
  await ctx.db
    .insertInto('summary')
    .values({ subject, ...row })
    .onConflict((conflict) => conflict.column('subject').doUpdateSet({ ...row, created_at: sql<Date>`now()` }))
    .execute()
  return summary
}
