import type { Context, ErrorHandler } from 'hono'
import { html } from 'hono/html'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { z } from 'zod'
import { incident, RetryableError, UserError, type Context as Core } from '../../core/index.ts'
import { page } from './layout.ts'

type Problem = {
  status: ContentfulStatusCode
  code: string
  message: string
  hint?: string | undefined
  afterMs?: number | undefined
}

/** What each code means in HTTP; a refusal that is not listed is 422, a request understood and not granted. */
const statuses: Record<string, ContentfulStatusCode> = {
  'not-found': 404,
  unknown: 404,
  'unknown-proposal': 404,
  host: 421,
  origin: 403,
  'content-type': 415,
  'too-large': 413,
  json: 400,
  usage: 400,
  'not-linked': 403,
  'not-manager': 403,
  foreign: 403,
  'foreign-wallet': 403,
  cookie: 403,
  expired: 410,
  used: 410,
  closed: 409,
  voted: 409,
  stale: 409,
  waiting: 409,
  ambiguous: 409,
  'wait-other': 409,
  limit: 429,
  budget: 429,
  relayer: 503,
}

/** A page's error is a page in words, an API's error is `{ error: { code, message, hint } }`. */
export function onProblem(ctx: Pick<Core, 'log'>): ErrorHandler {
  return (error, c) => answer(c, problemOf(ctx, error))
}

export function notFound(c: Context): Response | Promise<Response> {
  return answer(c, {
    status: 404,
    code: 'not-found',
    message: 'There is nothing at this address.',
    hint: 'Links from chat work for a few minutes; ask for a new one there.',
  })
}

/** Parses a JSON body; what does not fit is refused with the name of the field. */
export async function body<S extends z.ZodType>(c: Context, schema: S): Promise<z.output<S>> {
  const text = await c.req.text()
  try {
    return fit(JSON.parse(text, cleanValue), schema)
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause
    throw new UserError('The body is not valid JSON.', { code: 'json', cause })
  }
}

/** The database holds no null characters and no halves of characters, and nobody types them. */
const cleanValue = (_: string, value: unknown): unknown =>
  typeof value === 'string' ? value.toWellFormed().replaceAll('\0', '') : value

/** Parses the query of an address in the same way. */
export function query<S extends z.ZodType>(c: Context, schema: S): z.output<S> {
  return fit(c.req.query(), schema)
}

function fit<S extends z.ZodType>(value: unknown, schema: S): z.output<S> {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const issue = result.error.issues[0]
  throw new UserError(
    `The field ${issue?.path.join('.') || 'body'} is wrong: ${issue?.message ?? 'it does not fit'}.`,
    { code: 'json' },
  )
}

function problemOf(ctx: Pick<Core, 'log'>, error: unknown): Problem {
  if (error instanceof UserError)
    return { status: statuses[error.code] ?? 422, code: error.code, message: error.message, hint: error.hint }
  if (error instanceof RetryableError) {
    const id = incident(ctx.log, error)
    return {
      status: 503,
      code: 'busy',
      message: 'Something AutoCo depends on does not answer right now.',
      hint: `Try again in a minute. Incident ${id}.`,
      afterMs: error.afterMs ?? 5_000,
    }
  }
  return {
    status: 500,
    code: 'fault',
    message: 'That went wrong, and it is our fault.',
    hint: `If it stays like this, tell the operator: incident ${incident(ctx.log, error)}.`,
  }
}

function answer(c: Context, { status, code, message, hint, afterMs }: Problem): Response | Promise<Response> {
  if (afterMs !== undefined) c.header('retry-after', String(Math.ceil(afterMs / 1_000)))
  if (isApi(c)) return c.json({ error: { code, message, ...(hint === undefined ? {} : { hint }) } }, status)
  return c.html(
    page({
      title: message,
      body: html`<section class="panel">
        <h1>${message}</h1>
        ${hint ? html`<p>${hint}</p>` : ''}
        <p><a href="/">To the front page</a></p>
      </section>`,
    }),
    status,
  )
}

const isApi = (c: Context): boolean =>
  c.req.path.startsWith('/api/') || (c.req.header('accept') ?? '').startsWith('application/json')
