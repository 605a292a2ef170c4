import { z } from 'zod'
import { UserError } from '../../core/index.ts'

const problem = z.object({ error: z.object({ message: z.string(), hint: z.string().optional() }) })
const answered = z.object({
  answer: z.object({
    view: z.object({
      title: z.string().optional(),
      tone: z.string().optional(),
      body: z.array(z.unknown()),
      actions: z.array(z.object({ open: z.string().optional() })).default([]),
    }),
  }),
})

/** A browser tab, to the server: it speaks JSON over the public paths and keeps a cookie. */
export type Tab = {
  get<T>(path: string, schema: z.ZodType<T>): Promise<T>
  post<T>(path: string, body: object, schema: z.ZodType<T>): Promise<T>
}

export function openTab(url: string): Tab {
  let cookie: string | undefined
  const ask = async <T>(path: string, schema: z.ZodType<T>, init: RequestInit): Promise<T> => {
    const response = await fetch(new URL(path, url), {
      ...init,
      headers: { 'content-type': 'application/json', ...(cookie ? { cookie } : {}) },
    })
    cookie = response.headers.getSetCookie()[0]?.split(';')[0] ?? cookie
    const json: unknown = await response.json()
    if (response.ok) return schema.parse(json)
    const { error } = problem.parse(json)
    throw new UserError(`${init.method} ${withoutSecret(path)}: ${error.message}`, {
      hint: error.hint ?? '',
    })
  }
  return {
    get: (path, schema) => ask(path, schema, { method: 'GET' }),
    post: (path, body, schema) => ask(path, schema, { method: 'POST', body: JSON.stringify(body) }),
  }
}

/** A page's secret stands between its kind and its step. */
const withoutSecret = (path: string): string => path.replace(/^(\/api\/(?:link|ballot)\/)[^/]+/, '$1…')

/** Types a line in the chat as a person; answers with the address that the answer opens, if it does. */
export async function typeLine(
  tab: Tab,
  { person, channel, line }: { person: string; channel: string; line: string },
): Promise<{ opens: string | undefined }> {
  const { answer } = await tab.post('/api/play/line', { person, channel, line }, answered)
  const { tone, title, body, actions } = answer.view
  if (tone === 'bad') throw new UserError(`${line.split(' ')[0]}: ${title ?? ''} ${JSON.stringify(body).slice(0, 300)}`)
  return { opens: actions.find((action) => action.open !== undefined)?.open }
}

/** The secret at the end of a page's address. */
export function lastPart(opens: string | undefined): string {
  const part = opens && new URL(opens).pathname.split('/').pop()
  if (!part) throw new UserError('The answer opens no page.')
  return part
}
