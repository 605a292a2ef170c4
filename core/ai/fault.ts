import { AiError } from './error.ts'

type Foreign = {
  status?: number
  code?: string | null
  type?: string | null
  message?: string
  headers?: Headers
  cause?: unknown
  name?: string
}

/** What went wrong, in our own words: a server's message may hold the key or the text it was sent. */
export function faultOf(error: unknown): AiError {
  for (let inner: unknown = error, depth = 0; inner instanceof Error && depth < 5; inner = inner.cause, depth += 1)
    if (inner instanceof AiError) return inner
  const { status, code, type, message = '', headers, name } = error as Foreign
  if (name === 'AbortError' || name === 'TimeoutError' || /abort/i.test(name ?? '') || /aborted/i.test(message))
    return new AiError('timeout', 'the model did not answer in time')
  const words = `${code ?? ''} ${type ?? ''} ${message}`
  if (status === undefined) return new AiError('server', 'the model server cannot be reached')
  if (status === 401 || status === 403) return new AiError('auth', `the model server refused the key (${status})`)
  if (status === 404) return new AiError('unsupported', 'the model server knows no such model or address (404)')
  if (status === 402 || /insufficient_quota|billing|exceeded your current quota/i.test(words))
    return new AiError('quota', 'the account at the model server is used up')
  if (status === 429) return new AiError('rate', 'the model server is busy (429)', { afterMs: waitOf(headers) })
  if (
    status === 413 ||
    /context.?length|maximum context|too many tokens|context_window|prompt is too long/i.test(words)
  )
    return new AiError('too-long', 'the text is too long for the model')
  if (/content_filter|content management policy/i.test(words))
    return new AiError('filtered', 'the model server filtered the text')
  if (status === 408 || status === 409 || status >= 500)
    return new AiError('server', `the model server failed (${status})`, { afterMs: waitOf(headers) })
  return new AiError('unsupported', `the model server refused the request (${status})`)
}

export function isWorthRetrying({ code }: AiError): boolean {
  return code === 'rate' || code === 'server'
}

function waitOf(headers: Headers | undefined): number | undefined {
  const ms = Number(headers?.get('retry-after-ms') ?? Number.NaN)
  if (Number.isFinite(ms) && ms >= 0) return ms
  const after = headers?.get('retry-after')
  if (!after) return undefined
  const seconds = Number(after)
  const wait = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(after) - Date.now()
  return Number.isFinite(wait) && wait >= 0 ? wait : undefined
}
